// Does a message count as its language does?

import { beforeAll, describe, expect, test } from "vitest";

import { liquidTemplates } from "../../src/delivery/templates/liquid-templates.ts";
import { sampleValues } from "../../src/delivery/templates/preview.ts";
import type { Templates } from "../../src/delivery/templates/template.ts";

let templates: Templates;
beforeAll(async () => {
  templates = await liquidTemplates({ realms: [{ id: "acme", defaultLanguage: "en" }] });
});

async function linesFor(language: string, lifetime_minutes: number): Promise<readonly string[]> {
  const values = { ...sampleValues("password_reset"), lifetime_minutes };
  const wording = { realmId: "acme", template: "password_reset", languages: [language], values };
  const { text } = await templates.renderMail(wording);
  return text.split("\n");
}

describe("minutes", () => {
  test.each([
    ["en", 0, "Valid for 0 minutes."],
    ["en", 1, "Valid for 1 minute."],
    ["en", 2, "Valid for 2 minutes."],
    ["en", 5, "Valid for 5 minutes."],
    ["en", 10, "Valid for 10 minutes."],
    ["en", 22, "Valid for 22 minutes."],
    ["en", 60, "Valid for 60 minutes."],
    ["pl", 0, "Ważne przez 0 minut."],
    ["pl", 1, "Ważne przez 1 minutę."],
    ["pl", 2, "Ważne przez 2 minuty."],
    ["pl", 5, "Ważne przez 5 minut."],
    ["pl", 10, "Ważne przez 10 minut."],
    ["pl", 12, "Ważne przez 12 minut."],
    ["pl", 22, "Ważne przez 22 minuty."],
    ["pl", 60, "Ważne przez 60 minut."],
    ["ar", 0, "صالح لأقل من دقيقة."],
    ["ar", 1, "صالح لمدة دقيقة واحدة."],
    ["ar", 2, "صالح لمدة دقيقتين."],
    ["ar", 5, "صالح لمدة 5 دقائق."],
    ["ar", 10, "صالح لمدة 10 دقائق."],
    ["ar", 22, "صالح لمدة 22 دقيقة."],
    ["ar", 60, "صالح لمدة 60 دقيقة."],
    ["ja", 0, "有効期限は0分です。"],
    ["ja", 1, "有効期限は1分です。"],
    ["ja", 2, "有効期限は2分です。"],
    ["ja", 5, "有効期限は5分です。"],
    ["ja", 10, "有効期限は10分です。"],
    ["ja", 22, "有効期限は22分です。"],
    ["ja", 60, "有効期限は60分です。"],
  ])("in %s, %i", async (language, minutes, sentence) => {
    expect(await linesFor(language, minutes)).toContain(sentence);
  });
});

describe("whole hours from two on are counted as hours", () => {
  test.each([
    ["en", 90, "Valid for 90 minutes."],
    ["en", 119, "Valid for 119 minutes."],
    ["en", 120, "Valid for 2 hours."],
    ["en", 150, "Valid for 150 minutes."],
    ["en", 1440, "Valid for 24 hours."],
    ["pl", 120, "Ważne przez 2 godziny."],
    ["pl", 300, "Ważne przez 5 godzin."],
    ["pl", 1440, "Ważne przez 24 godziny."],
    ["ar", 120, "صالح لمدة ساعتين."],
    ["ar", 180, "صالح لمدة 3 ساعات."],
    ["ar", 1440, "صالح لمدة 24 ساعة."],
    ["ja", 1440, "有効期限は24時間です。"],
  ])("in %s, %i minutes", async (language, minutes, sentence) => {
    expect(await linesFor(language, minutes)).toContain(sentence);
  });
});

test.each(["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "tr", "zh"])(
  "every count up to a week has a form in %s",
  async (language) => {
    const minutes = [...Array.from({ length: 130 }, (_, index) => index), 187, 901, 9_999];
    const hours = Array.from({ length: 167 }, (_, index) => (index + 2) * 60);
    const messages = new Set<string>();
    for (const count of [...minutes, ...hours]) {
      const lines = await linesFor(language, count);
      messages.add(lines.join("\n"));
    }
    // Each count is told apart from each other.
    expect(messages.size).toBe(minutes.length + hours.length - 1);
  },
);
