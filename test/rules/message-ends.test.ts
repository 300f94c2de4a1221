// What does a message say of its ends? Of the code and of the link, each its own; and nothing of a code that is dead.

import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import type { OutgoingMessage } from "../../src/delivery/courier.ts";
import { liquidTemplates } from "../../src/delivery/templates/liquid-templates.ts";
import type { Templates } from "../../src/delivery/templates/template.ts";
import { writeMail, writeTextMessage } from "../../src/delivery/write-message.ts";
import { hour, minute, second } from "../../src/units.ts";

const start = 1_800_000_000_000;
const [code, link] = ["7F3K2M9P", "https://app.example.com/recover#token=abc"];
const languages = ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "tr", "zh"];
let templates: Templates;
beforeAll(async () => {
  templates = await liquidTemplates({ realms: [{ id: "acme", defaultLanguage: "en" }] });
});

const sender = { from: { name: "", address: "a@b.example" }, brandName: "Acme", contact: "", smsPrefixes: [] };

function toWrite(changes: Partial<OutgoingMessage>, now: number) {
  const message: OutgoingMessage = {
    id: randomUUID(),
    realmId: "acme",
    userId: "ann",
    channel: "email",
    recipient: "ann@people.example",
    template: "password_reset",
    language: "en",
    requestNumber: "7F3K-2MQ4",
    values: { displayName: "", loginName: "ann", link, code, secret: code, vetoLink: "", fromAddress: "192.0.2.1" },
    createdAt: start,
    expiresAt: start + hour,
    codeExpiresAt: start + 10 * minute,
    ...changes,
  };
  return { templates, message, sender, requestNumber: "7F3K-2MQ4", now };
}

describe.each(languages)("in %s", (language) => {
  const mail = async (changes: Partial<OutgoingMessage>, now = start) =>
    await writeMail(toWrite({ language, ...changes }, now));

  test("the code has its end below it, and the link its own", async () => {
    const { text, html } = await mail({});
    const both = text.split("\n").filter((line) => line !== "");
    const [linkEnds, codeEnds] = [both[both.indexOf(link) + 1] ?? "", both[both.indexOf(`    ${code}`) + 1] ?? ""];
    expect(linkEnds).toContain("60");
    expect(codeEnds).toContain("10");
    expect(html.indexOf(linkEnds)).toBeLessThan(html.indexOf(`>${code}<`));
    expect(html.lastIndexOf(codeEnds)).toBeGreaterThan(html.indexOf(`>${code}<`));
  });

  test("one end for both is said once", async () => {
    const { text } = await mail({ expiresAt: start + 10 * minute, codeExpiresAt: start + 10 * minute });
    expect(text.match(/\b10\b|10(?=分|時|分钟)/g)).toHaveLength(1);
  });

  test("a message that comes when the code is dead says the link and its end, and nothing of a code", async () => {
    const late = { now: start + 30 * minute };
    const [held, plain] = [
      await mail({}, late.now),
      await mail({ values: { ...toWrite({}, 0).message.values, code: "" } }, late.now),
    ];
    expect(held.text).not.toContain(code);
    expect(held.text).toContain("30");
    expect(held).toEqual({ ...plain, messageId: held.messageId });
    const text = await writeTextMessage(toWrite({ language, channel: "sms" }, late.now));
    expect(text.text).not.toContain(code);
    expect(text.text).toContain(link);
  });
});

test("a code that is about to die is not promised a minute", async () => {
  const at = async (now: number) => (await writeMail(toWrite({}, now))).text.includes(code);
  expect(await at(start + 10 * minute - 30 * second)).toBe(true);
  expect(await at(start + 10 * minute - 29 * second)).toBe(false);
});

test("a text message says the end of its code", async () => {
  const { text } = await writeTextMessage(toWrite({ channel: "sms" }, start));
  expect(text).toContain("Valid for 10 minutes.");
});
