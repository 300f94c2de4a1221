// Does a service that is set up as docs/recovery.md says serve a realm's own page, and refuse to start with a broken logo?

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { mailServer, mailTo } from "../support/delivery-scene.ts";
import { startProduction } from "../support/start-production.ts";
import { post, seen, visit } from "../support/visit-page.ts";

const recovery = { enabled: true, hosts: ["login.acme.example"] };
const headers = { host: "login.acme.example", "accept-language": "de" };

function fileOf(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), "rekey-brand-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "logo"), content);
  return join(directory, "logo");
}

async function start(acme: Readonly<Record<string, unknown>>) {
  const { server, setting } = await mailServer();
  return { server, service: await startProduction({ delivery: { smtp: [setting] }, acme }) };
}

test("name, logo, colours and texts, on the realm's own host, where links in messages lead", async () => {
  const logo = fileOf('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const brand = {
    name: "Acme & Sons",
    contact: "help@acme.example",
    logo,
    colors: { accent: "#FFFF00" },
    texts: { de: { "identify.title": "Passwort weg?" } },
  };
  const { server, service } = await start({ recovery, brand });
  const { address } = service;
  const page = await visit(`${address}/recover`, { headers });
  expect(page.body).toContain('<img class="logo" src="/recover/logo" alt="Acme &amp; Sons">');
  expect(page.body).toContain("Hilfe und Fragen: <bdi>help@acme.example</bdi>");
  expect(seen(page)).toContain("Passwort weg?");
  expect((await visit(`${address}/recover/logo`, { headers })).headers["content-type"]).toBe("image/svg+xml");
  // Yellow on white cannot be read: it is moved until it can.
  const { body } = await visit(`${address}/recover/brand.css`, { headers });
  expect(body).toContain("--accent:");
  expect(body.split("@media")[0]).not.toContain("--accent: #ffff00;");
  expect((await visit(`${address}/recover`, { headers: { host: "other.example" } })).status).toBe(404);

  const { email } = await service.makeUser();
  await post(`${address}/recover`, { step: "start", identifier: email }, headers);
  const { text } = await mailTo(server, email);
  expect(text).toContain("https://login.acme.example/recover#token=");
  expect(text).toContain("https://login.acme.example/recover#veto=");
});

test("without a page there is none", async () => {
  const link = "https://app.example.com/recover#token={{.Token}}";
  const { service } = await start({
    recovery: { ...recovery, page: false, link },
  });
  const { address } = service;
  expect((await visit(`${address}/recover`, { headers })).status).toBe(404);
});

test("a logo that cannot be shown keeps it from starting, with its setting and a remedy", async () => {
  const started = start({ recovery, brand: { logo: fileOf("GIF89a") } });
  await expect(started).rejects.toThrow(
    /ended with 78:[^]*realms\[0\]\.brand\.logo\n {2}It is no SVG, PNG or WebP\.\n {2}Name an SVG, PNG or WebP file/,
  );
});
