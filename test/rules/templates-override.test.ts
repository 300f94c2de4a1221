// What may an operator bring, and what is said about what is broken?

import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { liquidTemplates } from "../../src/delivery/templates/liquid-templates.ts";
import { sampleValues } from "../../src/delivery/templates/preview.ts";
import { BrokenTemplates } from "../../src/delivery/templates/template-problem.ts";
import type { TemplateValues, Wording } from "../../src/delivery/templates/template.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "rekey-templates-"));
});
afterEach(() => rm(directory, { recursive: true }));

const realms = [
  { id: "acme", defaultLanguage: "en" },
  { id: "globex", defaultLanguage: "de" },
];
const open = () => liquidTemplates({ directory, realms });

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await write(files);
  const outcome = await open().catch((error: unknown) => error);
  if (!(outcome instanceof BrokenTemplates)) throw new Error("nothing was reported");
  expect(outcome.message.split("\n")).toHaveLength(outcome.problems.length);
  return outcome.problems.map(({ file, line, problem }) => `${file.slice(directory.length + 1)}:${line}: ${problem}`);
}

const wording = (template: string, changes: Partial<Wording> = {}, values: Partial<TemplateValues> = {}): Wording => ({
  realmId: "acme",
  template,
  languages: ["en"],
  values: { ...sampleValues("password_reset"), ...values },
  ...changes,
});

const complete = `
subject: ["Welcome to {{ brand_name }}", Welcome]
heading: Welcome
paragraphs: ["Nice that you are here."]
sms: [["Your code: {{ code }}", "Come in: {{ link }}"]]
`;

describe("an operator may bring", () => {
  test("single texts of a built-in template, for one realm; the others stay", async () => {
    await write({
      "acme/password_reset/en.yaml": 'greeting: "Hey {{ display_name | upcase }}"\nsubject: Forgot',
    });
    const templates = await open();
    const mail = await templates.renderMail(wording("password_reset"));
    expect(mail.subject).toBe("Forgot");
    expect(mail.html).toContain(">Hey ANN EXAMPLE</p>");
    expect(mail.html).toContain("Valid for 10 minutes.");
    const other = await templates.renderMail(wording("password_reset", { realmId: "globex" }));
    expect(other.subject).toBe("Set a new password for Acme");
    const german = await templates.renderMail(wording("password_reset", { languages: ["de"] }));
    expect(german.subject).toBe("Neues Passwort für Acme festlegen");
  });

  test("a language that is not built in", async () => {
    await write({ "acme/password_reset/he.yaml": complete });
    const mail = await (await open()).renderMail(wording("password_reset", { languages: ["he-IL"] }));
    expect(mail).toMatchObject({ language: "he", direction: "rtl", subject: "Welcome to Acme" });
  });

  test("a template of the realm's own, which only this realm has; link and code are always shown", async () => {
    await write({ "acme/welcome/en.yaml": complete });
    const templates = await open();
    expect([templates.has("acme", "welcome"), templates.has("globex", "welcome")]).toEqual([true, false]);
    const mail = await templates.renderMail(wording("welcome", { languages: ["pl"] }));
    expect(mail.language).toBe("en");
    for (const value of [sampleValues("welcome").link, "7F3K2M9P"]) {
      expect(mail.text).toContain(value);
      expect(mail.html).toContain(value);
    }
    const message = await templates.renderTextMessage(wording("welcome", {}, { code: "" }));
    expect(message.text).toBe(`Come in: ${sampleValues("welcome").link}`);
  });

  test("layouts of its own, in which values are escaped as everywhere", async () => {
    await write({
      "acme/layout.html.liquid": "<b>{{ heading }}</b> <i>{{ display_name }}</i> <a href='{{ link }}'>{{ code }}</a>",
      "acme/layout.text.liquid": "{{ display_name }}\n\n\n\n{{ link }} {{ code }}\n",
    });
    const mail = await (
      await open()
    ).renderMail(wording("password_reset", {}, { display_name: "<u>", link: "https://x" }));
    expect(mail.html).toBe("<b>Set a new password</b> <i>&lt;u&gt;</i> <a href='https://x'>7F3K2M9P</a>\n");
    expect(mail.text).toBe("<u>\n\nhttps://x 7F3K2M9P\n");
  });

  test("a directory as a ConfigMap is mounted: links, and hidden names beside them", async () => {
    await write({ "acme/..data/welcome/en.yaml": complete, "acme/.note": "" });
    await symlink("..data/welcome", join(directory, "acme/welcome"));
    expect((await open()).has("acme", "welcome")).toBe(true);
  });

  test("what docs/templates.md shows", async () => {
    const page = await readFile(join(import.meta.dirname, "../../docs/templates.md"), "utf8");
    await write({ "acme/welcome/en.yaml": /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "" });
    const { subject, text } = await (await open()).renderMail(wording("welcome"));
    expect(subject).toBe("Welcome to Acme");
    expect(text).toContain("Valid for 10 minutes.");
  });

  test("a text without the values that it names is left out, or said in its other wording", async () => {
    await write({
      "acme/welcome/en.yaml": `${complete}\nhelp: "Call {{ contact }}"\ngreeting: ["Hi {{ display_name }}", Hi]`,
    });
    const templates = await open();
    const { text } = await templates.renderMail(wording("welcome", {}, { display_name: " ", contact: "" }));
    expect(text.split("\n")).toContain("Hi");
    expect(text).not.toContain("Call");
  });
});

describe("what is broken is told at start, with file and line", () => {
  test.each<[what: string, file: string, text: string, problem: string]>([
    ["what is not YAML", "acme/welcome/en.yaml", "subject: a\nheading: [", ":2: It is not YAML"],
    ["a name that is twice there", "acme/welcome/en.yaml", "subject: a\nsubject: b", ":2: It is not YAML"],
    ["an unknown text", "acme/welcome/en.yaml", `${complete}colour: red`, ":6: Nothing is called colour here"],
    ["an unknown value", "acme/welcome/en.yaml", `${complete}help: "{{ nme }}"`, ":6: Nothing is called nme here"],
    [
      "one in a branch",
      "acme/welcome/en.yaml",
      `${complete}help: "{% if false %}{{ x }}{% endif %}"`,
      ":6: Nothing is called x",
    ],
    [
      "one in a block of lines",
      "acme/welcome/en.yaml",
      `${complete}help: |\n  one\n  {{ nme }}`,
      ":8: Nothing is called nme",
    ],
    [
      "an unknown filter",
      "acme/welcome/en.yaml",
      `${complete}help: "{{ code | shout }}"`,
      ":6: It is not Liquid: undefined filter",
    ],
    [
      "a way around escaping",
      "acme/layout.html.liquid",
      "{{ link }}{{ code }}\n{{ heading | raw }}",
      ":2: It is not Liquid: undefined filter: raw",
    ],
    ["a tag that is open", "acme/layout.html.liquid", "\n{% if link %}", ":2: It is not Liquid"],
    ["a tag that reads files", "acme/layout.text.liquid", "\n\n{% include 'x' %}", ":3: It is not Liquid"],
    ["a layout without the link", "acme/layout.text.liquid", "{{ code }}", ":1: It does not show {{ link }}"],
    ["a layout without the code", "acme/layout.html.liquid", "{{ link }}", ":1: It does not show {{ code }}"],
    ["a number for a text", "acme/welcome/en.yaml", `${complete}help: 5`, ":6: This has to be text"],
    ["a text for a list", "acme/welcome/en.yaml", `${complete}details: one`, ":6: details is a list of texts"],
    ["a missing text", "acme/welcome/en.yaml", complete.replace("heading: Welcome", ""), ":1: heading is missing"],
    [
      "a subject that may be empty",
      "acme/welcome/en.yaml",
      complete.replace(", Welcome]", "]"),
      ":1: subject needs a wording",
    ],
    [
      "a text message without the link",
      "acme/welcome/en.yaml",
      complete.replace(', "Come in: {{ link }}"', ""),
      ":1: sms needs a wording for a message that has a link",
    ],
    [
      "a form too few",
      "acme/welcome/en.yaml",
      `${complete}expiry:\n  minutes: {other: a}\n  hours: {other: a}`,
      ":7: The language counts with one too",
    ],
    [
      "an unknown form",
      "acme/welcome/en.yaml",
      `${complete}expiry:\n  minutes: {one: a, other: a, lots: b}\n  hours: {other: a}`,
      ":7: lots is no plural form",
    ],
    [
      "an unknown unit",
      "acme/welcome/en.yaml",
      `${complete}expiry:\n  minutes: {one: a, other: a}\n  hours: {other: a}\n  days: {other: a}`,
      ":9: expiry has minutes and hours, not days",
    ],
    [
      "a file that is no language",
      "acme/welcome/english!.yaml",
      complete,
      ":1: A file of texts is called after its language",
    ],
    [
      "a language written otherwise",
      "acme/welcome/pt_BR.yaml",
      complete,
      ":1: A file of texts is called after its language",
    ],
    ["a file in the wrong place", "acme/en.yaml", complete, ":1: Only layout.html.liquid and layout.text.liquid"],
    ["a realm that there is not", "acmee/welcome/en.yaml", complete, ":1: Only directories called after a realm"],
  ])("%s", async (_, file, text, problem) => {
    const problems = await problemsOf({ [file]: text });
    const place = file.startsWith("acmee") ? "acmee" : file;
    expect(problems.filter((each) => each.startsWith(`${place}${problem}`))).toHaveLength(1);
  });

  test("a template that is there neither in the realm's language nor in English", async () => {
    expect(await problemsOf({ "globex/welcome/sv.yaml": complete })).toEqual([
      "globex/welcome:1: It is there neither in the realm's language, de, nor in English.",
    ]);
  });

  test("all of it at once", async () => {
    const files = { "acme/welcome/en.yaml": "{", "globex/layout.html.liquid": "{{", "other/x/en.yaml": "" };
    expect(await problemsOf(files)).toHaveLength(3);
  });

  test("a directory that is not there", async () => {
    const missing = join(directory, "missing");
    await expect(liquidTemplates({ directory: missing, realms })).rejects.toThrow(/ENOENT/);
  });
});

test("a template that nobody has is a fault: has() is asked before", async () => {
  await expect((await open()).renderMail(wording("constructor"))).rejects.toThrow(
    "realm acme has no template constructor",
  );
});
