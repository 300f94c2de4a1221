// Can a realm's page be read, whatever colours and logo it is given?

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { brandCss } from "../../src/edge/page/brand-css.ts";
import { contrast, readableOn, textOn } from "../../src/edge/page/contrast.ts";
import { readLogo } from "../../src/edge/page/logo.ts";
import { brandProperties, surfaces } from "../../src/page/settings.ts";

describe("contrast", () => {
  // Source: WebAIM, the greys on either side of 4.5.
  test.each([
    ["#000000", "#ffffff", 21],
    ["#777777", "#ffffff", 4.48],
    ["#767676", "#ffffff", 4.54],
    ["#ff0000", "#ffff00", 3.72],
  ])("of %s and %s is %f, either way round", (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 1);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });

  test("of the text on any colour is enough for reading", () => {
    for (let value = 0; value < 0x1000; value += 1) {
      const colour = `#${value.toString(16).padStart(3, "0").replaceAll(/./g, "$&$&")}`;
      expect(contrast(colour, textOn(colour))).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("a colour that is read well stays as it is", () => {
    expect(readableOn(surfaces.light, "#1f4fd8", 4.5)).toBe("#1f4fd8");
    expect(readableOn(surfaces.dark, "#9db4ff", 4.5)).toBe("#9db4ff");
  });
});

// Spec: WCAG 2.2, 1.4.3 and 1.4.11 (AA).
describe("a realm's colours", () => {
  const colours = ["#ffff00", "#ffffff", "#000000", "#808080", "#1f4fd8", "#ff69b4", "#00ff7f", "#2b2b2b"];

  test.each(colours)("%s can be read in both modes", (accent) => {
    const css = brandCss({ accent });
    for (const [mode, part] of [
      ["light", css.split("@media")[0]],
      ["dark", css.split("@media")[1]],
    ] as const) {
      const values = [...(part ?? "").matchAll(/(--[a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [
        name,
        value,
      ]);
      expect(values.map(([name]) => name)).toEqual(brandProperties);
      const [button = "", onButton = "", link = ""] = values.map(([, value]) => value ?? "");
      expect(contrast(button, surfaces[mode])).toBeGreaterThanOrEqual(3);
      expect(contrast(button, onButton)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(link, surfaces[mode])).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("none are none, one mode alone is one mode", () => {
    expect(brandCss({})).toBe("");
    expect(brandCss({ accentDark: "#9db4ff" })).toMatch(/^@media \(prefers-color-scheme: dark\) \{\n:root/);
    expect(brandCss({ accent: "#1f4fd8", accentDark: "#9db4ff" })).toContain("--accent: #9db4ff;");
  });

  test("the page's own sheet has a default for each", () => {
    const sheet = readFileSync("src/page/style.css", "utf8");
    for (const name of brandProperties) expect(sheet).toContain(`${name}:`);
  });
});

// Guard: ASVS 5.0 5.2.1, 5.2.2.
describe("a logo", () => {
  const directory = mkdtempSync(join(tmpdir(), "rekey-logo-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = (content: string | Buffer) => {
    const path = join(directory, "logo");
    writeFileSync(path, content);
    return path;
  };
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';

  test.each([
    ["SVG", svg, "image/svg+xml"],
    ["SVG with a prologue", `\uFEFF<?xml version="1.0"?>\n<!-- Acme -->\n${svg}`, "image/svg+xml"],
    ["PNG", Buffer.from("\x89PNG\r\n\x1a\n....", "latin1"), "image/png"],
    ["WebP", Buffer.from("RIFF\x04\x00\x00\x00WEBPVP8 ", "latin1"), "image/webp"],
  ])("is %s by what is in it", (_, content, type) => {
    expect(readLogo("acme", file(content)).type).toBe(type);
  });

  test.each([
    ["is HTML", `<html>${svg}</html>`, "It is no SVG, PNG or WebP."],
    ["is a GIF", "GIF89a", "It is no SVG, PNG or WebP."],
    ["is too large", svg + " ".repeat(200_000), "It has 200041 bytes; 200000 are the most."],
  ])("that %s is refused", (_, content, problem) => {
    expect(() => readLogo("acme", file(content))).toThrow(problem);
  });

  test("that is not there is refused", () => {
    expect(() => readLogo("acme", join(directory, "none"))).toThrow("The file cannot be read (ENOENT).");
  });
});
