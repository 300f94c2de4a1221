// Does every built-in template say everything, in every language, in the same form?
// Guard: ASVS 5.0 14.2.1 (a message carries exactly the link that it was given, and loads nothing).

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { bindToDomain } from "../../src/delivery/sms/domain-bound.ts";
import { textSize } from "../../src/delivery/sms/segments.ts";
import { liquidTemplates } from "../../src/delivery/templates/liquid-templates.ts";
import { renderPreview, sampleValues } from "../../src/delivery/templates/preview.ts";
import { templateNames, type TemplateValues, type Templates } from "../../src/delivery/templates/template.ts";

const builtIn = join(import.meta.dirname, "../../src/delivery/templates/built-in");
const languages = ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "tr", "zh"];
const all = templateNames.flatMap((template) => languages.map((language) => ({ template, language })));
const link = "https://app.acme.example/r?user=ann%40x&code=h4Zk0VdS2qXw9RtYb7NcLm3JfGp8AuEoI1sTiC5vB6M";

const veto = "https://app.acme.example/recover#veto=Yb7NcLm3JfGp8AuEoI1sTiC5vB6Mh4Zk0VdS2qXw9Rt";

type Content = Readonly<Record<string, unknown>>;
const contentOf = (template: string, language: string) =>
  parse(readFileSync(join(builtIn, template, `${language}.yaml`), "utf8")) as Content;

let templates: Templates;
beforeAll(async () => {
  templates = await liquidTemplates({ realms: [{ id: "acme", defaultLanguage: "en" }] });
});

const mailOf = (template: string, language: string, changes: Partial<TemplateValues> = {}) =>
  templates.renderMail({
    realmId: "acme",
    template,
    languages: [language],
    values: { ...sampleValues(template), ...changes },
  });

const textMessageOf = async (template: string, language: string, changes: Partial<TemplateValues> = {}) => {
  const values = { ...sampleValues(template), ...changes };
  const message = await templates.renderTextMessage({ realmId: "acme", template, languages: [language], values });
  return message.text;
};

describe("the set", () => {
  test.each(templateNames)("%s is there in every language", (template) => {
    expect(readdirSync(join(builtIn, template)).toSorted()).toEqual(languages.map((language) => `${language}.yaml`));
    expect(templates.has("acme", template)).toBe(true);
    expect(templates.has("nobody", template)).toBe(false);
  });

  test.each(all)("$template has in $language the texts that it has in English", ({ template, language }) => {
    const form = (content: Content) =>
      Object.entries(content).map(([name, text]) => {
        if (name === "expiry") return [name, Object.keys(text as object)];
        return [name, Array.isArray(text) ? text.map((each) => (Array.isArray(each) ? each.length : 1)) : "text"];
      });
    expect(form(contentOf(template, language))).toEqual(form(contentOf(template, "en")));
  });

  test.each(all.filter(({ language }) => language !== "en"))(
    "nothing of $template is left in English in $language",
    ({ template, language }) => {
      const english = new Set(wordsIn(contentOf(template, "en")));
      expect(wordsIn(contentOf(template, language)).filter((text) => english.has(text))).toEqual([]);
    },
  );

  test.each(all)("$template names in $language the values that it names in English", ({ template, language }) => {
    const named = (content: Content) =>
      Object.entries(content)
        .filter(([name]) => name !== "expiry")
        .map(([name, text]) => [
          name,
          JSON.stringify(text)
            .match(/\{\{ \w+ \}\}/g)
            ?.toSorted(),
        ]);
    expect(named(contentOf(template, language))).toEqual(named(contentOf(template, "en")));
  });
});

describe("a mail", () => {
  test.each(all)("of $template tells in $language what it has to tell", async ({ template, language }) => {
    const mail = await mailOf(template, language, { link, code: "7F3K2M9P" });
    expect(mail).toMatchObject({ language, direction: language === "ar" ? "rtl" : "ltr" });
    expect(mail.html).toContain(`<html lang="${language}" dir="${mail.direction}">`);
    expect(mail.subject).toContain("Acme");
    for (const value of ["Ann Example", "ann@example.com", "7F3K-2M", "help@acme.example", "7F3K2M9P", "UTC"]) {
      expect(mail.html).toContain(value);
      expect(mail.text).toContain(value);
    }
    expect(mail.text.split("\n")).toContain(link);
    expect(mail.text).not.toMatch(/\{\{|\{%|undefined|\n{3}/);
  });

  test.each(all)(
    "of $template has in $language exactly the links that it was given",
    async ({ template, language }) => {
      const { html } = await mailOf(template, language, { link, veto_link: veto });
      const targets = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map((match) => match[1]?.replaceAll("&amp;", "&"));
      expect(targets).toEqual([link, link, ...(template === "password_reset" ? [veto] : [])]);
      expect(html.match(/<a\s/g)).toHaveLength(targets.length);
    },
  );

  test.each(all)("of $template loads nothing in $language", async ({ template, language }) => {
    const { html } = await mailOf(template, language);
    expect(html).not.toMatch(/<(img|link|script|iframe|object|video|audio|form|base)\b|\ssrc=|url\(|@import|srcset/i);
  });

  test.each(all)("of $template does without everything that may be empty, in $language", async (asked) => {
    const nothing = { display_name: "", login_name: "", brand_name: "", contact: "", from_address: "", link_host: "" };
    const mail = await mailOf(asked.template, asked.language, {
      ...nothing,
      request_number: "",
      link: "",
      veto_link: "",
      code: "",
    });
    expect(mail.subject).not.toBe("");
    expect(mail.html).not.toMatch(/<a\s|class="code"|<(p|div|h1)[^>]*><\//);
    // What introduces a value goes with it: only a greeting may end like that.
    const lines = mail.text.split("\n").slice(3);
    expect(lines.filter((line) => /[:：]$/.test(line))).toEqual([]);
  });

  test("a notice of a change has neither link nor code of its own", async () => {
    const { html, text } = await mailOf("password_changed", "en");
    expect(html).not.toMatch(/<a\s|class="code"/);
    expect(text).not.toContain("https:");
  });

  test.each(languages)("of a request says in %s where to say that it was somebody else", async (language) => {
    const { text, html } = await mailOf("password_reset", language, { veto_link: veto });
    const lines = text.split("\n");
    const sentence = lines[lines.indexOf(veto) - 1] ?? "";
    expect(sentence.length).toBeGreaterThan(10);
    expect(html).toContain(`${sentence}</p>`);
    const without = await mailOf("password_reset", language, { veto_link: "" });
    expect(without.text).not.toContain(sentence);
  });

  test.each(languages)("of a change tells in %s what its link does, if it has one", async (language) => {
    const wordings = contentOf("password_changed", language)["not_you"] as readonly string[];
    const said = wordings.map((text) =>
      text.replaceAll(/\{%.*?%\}/g, "").replace("{{ contact }}", sampleValues("password_changed").contact),
    );
    const given = [{ link: veto }, { link: veto, contact: "" }, {}, { contact: "" }];
    for (const [index, changes] of given.entries()) {
      const { text } = await mailOf("password_changed", language, changes);
      expect(said.map((wording) => text.includes(`\n${wording}\n`))).toEqual(said.map((_, at) => at === index));
    }
  });

  test.each([
    ["en", "August 14, 2026 at 9:12 AM UTC"],
    ["de", "14. August 2026 um 09:12 UTC"],
    ["ar", "14 أغسطس 2026 في 9:12 ص UTC"],
    ["ja", "2026年8月14日 9:12 UTC"],
  ])("dates are written as in %s, in the zone that is said", async (language, date) => {
    const { text } = await mailOf("password_reset", language);
    expect(text).toContain(date);
  });
});

describe("a text message", () => {
  const withLink = all.filter(({ template }) => template !== "password_changed");

  test.each(withLink)("of $template takes with a code one message in $language, or two", async (asked) => {
    const text = await textMessageOf(asked.template, asked.language, { link: "", lifetime_minutes: 10 });
    expect(text).toContain("7F3K2M9P");
    expectShort(text);
    expectShort(bindToDomain(text, { host: "app.acme.example", code: "7F3K2M9P" }));
  });

  test.each(withLink)("of $template takes with a link one message in $language, or two", async (asked) => {
    const text = await textMessageOf(asked.template, asked.language, { code: "" });
    expect(text.split(/\s/)).toContain(sampleValues(asked.template).link);
    expectShort(text);
  });

  test.each(withLink)("of $template has room for both in $language", async ({ template, language }) => {
    const text = await textMessageOf(template, language);
    const values = sampleValues(template);
    expect(text).toContain(values.code);
    expect(text.split(/\s/)).toContain(values.link);
    expect(textSize(text).segments).toBeLessThanOrEqual(textSize(text).alphabet === "gsm" ? 2 : 3);
  });

  test.each(languages)(
    "of a change is short in %s, with a contact, with a link and without either",
    async (language) => {
      const messages = [
        await textMessageOf("password_changed", language),
        await textMessageOf("password_changed", language, { contact: "" }),
        await textMessageOf("password_changed", language, { link: "https://app.acme.example/not-me" }),
      ];
      for (const text of messages) expectShort(text);
      expect(messages[0]).toContain("help@acme.example");
      expect(messages[2]?.split(/\s/)).toContain("https://app.acme.example/not-me");
      expect(new Set(messages).size).toBe(3);
    },
  );

  test.each(["en", "de", "fr", "es", "pt", "it", "nl"])(
    "of a reset stays within the cheap alphabet in %s",
    async (l) => {
      expect(textSize(await textMessageOf("password_reset", l)).alphabet).toBe("gsm");
    },
  );
});

describe("a preview", () => {
  test.each(all)("of $template is there in $language", async ({ template, language }) => {
    const { mail, textMessage } = await renderPreview(templates, { realmId: "acme", template, languages: [language] });
    expect(mail.subject).toContain("Acme");
    expect(textMessage.text).toContain("Acme");
  });
});

/** One GSM message, or two of the dearer alphabet. */
function expectShort(text: string): void {
  const { alphabet, segments } = textSize(text);
  expect(segments, text).toBeLessThanOrEqual(alphabet === "gsm" ? 1 : 2);
}

/** All texts of a file that have words of their own. */
function wordsIn(content: unknown): readonly string[] {
  if (typeof content === "string") return /\p{L}/u.test(content.replaceAll(/\{\{.*?\}\}/g, "")) ? [content] : [];
  return typeof content === "object" && content !== null ? Object.values(content).flatMap(wordsIn) : [];
}
