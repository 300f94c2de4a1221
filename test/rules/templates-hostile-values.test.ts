// Is a value ever more than text?
// Guard: ASVS 5.0 1.3.7, 1.3.11, 3.2.2; Incident: C17.

import { beforeAll, describe, expect, test } from "vitest";

import { liquidTemplates } from "../../src/delivery/templates/liquid-templates.ts";
import { sampleValues } from "../../src/delivery/templates/preview.ts";
import type { TemplateValues, Templates } from "../../src/delivery/templates/template.ts";

let templates: Templates;
beforeAll(async () => {
  templates = await liquidTemplates({ realms: [{ id: "acme", defaultLanguage: "en" }] });
});

const wordingWith = (changes: Partial<TemplateValues>) => ({
  realmId: "acme",
  template: "password_reset",
  languages: ["en"],
  values: { ...sampleValues("password_reset"), ...changes },
});

const hostile = [
  "<a href=//evil>",
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "' onmouseover='alert(1)",
  "{{ code }}",
  "{{.Code}}",
  "{% include '/etc/passwd' %}",
  "{% raw %}",
  "{{ 'x' | upcase }}",
  "&lt;b&gt;&amp;",
  "<!--[if mso]>",
  "constructor",
];
const inMail = ["display_name", "login_name", "brand_name", "contact", "request_number", "from_address"] as const;

describe.each(hostile)("%s", (value) => {
  test.each([...inMail, "code", "link"] as const)("is text as %s", async (name) => {
    const harmless = await templates.renderMail(wordingWith({ [name]: "harmless" }));
    const mail = await templates.renderMail(wordingWith({ [name]: value }));
    // With the value escaped in the place of "harmless", and nothing else changed.
    expect(mail.html).toBe(harmless.html.replaceAll("harmless", () => escaped(value)));
    expect(mail.text).toBe(harmless.text.replaceAll("harmless", () => value));
    expect(mail.subject).toBe(harmless.subject.replaceAll("harmless", () => value));
  });

  test("is text in a text message", async () => {
    const { text } = await templates.renderTextMessage(wordingWith({ brand_name: value, code: value, link: "" }));
    expect(text).toBe(`${value}: ${value} is your code to set a new password. Valid for 10 minutes.`);
  });
});

describe("what ends a line or turns text around becomes a space", () => {
  test.each([
    ["a line end", "Ann\r\nBcc: eve@evil.example", "Ann  Bcc: eve@evil.example"],
    ["a lone carriage return", "Ann\rEve", "Ann Eve"],
    ["a null", "Ann\0Eve", "Ann Eve"],
    ["a next line", "Ann\u0085Eve", "Ann Eve"],
    ["a line separator", "Ann\u2028Eve", "Ann Eve"],
    ["an override of the direction", "Ann\u202eevE", "Ann evE"],
    ["an isolate that never ends", "Ann\u2067Eve", "Ann Eve"],
    ["half of a sign", "Ann\ud83dEve", "Ann\ufffdEve"],
    ["blanks around", "\n Ann\t", "Ann"],
  ])("%s", async (_, value, said) => {
    const wording = wordingWith({ display_name: value, brand_name: value });
    const { subject, text, html } = await templates.renderMail(wording);
    expect(subject).toBe(`Set a new password for ${said}`);
    expect(text.split("\n")).toContain(`Hello ${said},`);
    expect(html).toContain(`>Hello ${said},</p>`);
    const message = await templates.renderTextMessage(wording);
    expect(message.text.split("\n")).toHaveLength(1);
  });

  test("names in any script stay as they are", async () => {
    for (const name of ["Zoë Ångström", "محمد", "田中 花子", "👩‍👩‍👧 Ann", "می‌خواهم"]) {
      const { text } = await templates.renderMail(wordingWith({ display_name: name }));
      expect(text.split("\n")).toContain(`Hello ${name},`);
    }
  });
});

test("from right to left, what is written from left to right stands by itself; link and code are untouched", async () => {
  const { text, subject } = await templates.renderMail({ ...wordingWith({}), languages: ["ar"] });
  expect(text).toContain("\u20687F3K-2M\u2069");
  expect(text.split("\n")).toContain(sampleValues("password_reset").link);
  expect(text.split("\n")).toContain("    7F3K2M9P");
  expect(subject).not.toMatch(/[\u2066-\u2069]/);
});

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
