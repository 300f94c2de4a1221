// Is an operator told by which edges strangers pass a realm's bot check? Once for each realm, and not where nothing is passed.

import { expect, test } from "vitest";

import { type CaptchaSettings, defaultProofOfWork } from "../../src/bot-check/bot-check-settings.ts";
import { warnOfUncheckedEdges } from "../../src/compose/warn-of-unchecked-edges.ts";
import type { LogFields } from "../../src/telemetry/log.ts";
import { keygenKeys, keygenSetting } from "../support/keygen-account.ts";

type CheckedRealm = Parameters<typeof warnOfUncheckedEdges>[0][number];

/** What strangers may do in detail is not looked at. */
const recovery = {} as NonNullable<CheckedRealm["recovery"]>;
const keygen = keygenSetting(keygenKeys());
const loginRadius: NonNullable<CheckedRealm["loginRadius"]> = {
  key: "a key",
  secrets: ["a secret"],
  mailBrings: "link",
  unknownUser: "hide",
};
const captcha: CaptchaSettings = {
  provider: "hcaptcha",
  siteKey: "a site key",
  secret: "a secret",
  hostnames: [],
  minScore: 0.5,
  action: "recover",
  timeoutMs: 1000,
  whenUnavailable: "refuse",
};
const work = { proofOfWork: defaultProofOfWork };
const always = { proofOfWork: { ...defaultProofOfWork, mode: "always" as const } };
const none = { proofOfWork: { ...defaultProofOfWork, mode: "off" as const } };

type Case = { readonly name: string; readonly realm: Omit<CheckedRealm, "id">; readonly edges?: readonly string[] };

const cases: readonly Case[] = [
  { name: "Keygen's clients", realm: { recovery, botCheck: work, keygen }, edges: ["keygen"] },
  {
    name: "LoginRadius's without bot_protection",
    realm: { recovery, botCheck: { ...work, captcha }, loginRadius },
    edges: ["loginradius"],
  },
  { name: "both", realm: { recovery, botCheck: work, keygen, loginRadius }, edges: ["keygen", "loginradius"] },
  {
    name: "Keygen's beside a LoginRadius that asks",
    realm: { recovery, botCheck: { ...none, captcha }, keygen, loginRadius: { ...loginRadius, captcha: "hcaptcha" } },
    edges: ["keygen"],
  },
  {
    name: "nobody where LoginRadius's edge asks",
    realm: { recovery, botCheck: { ...work, captcha }, loginRadius: { ...loginRadius, captcha: "hcaptcha" } },
  },
  { name: "nobody where there is no check", realm: { recovery, botCheck: none, keygen, loginRadius } },
  { name: "nobody where a realm without a public recovery says nothing", realm: { botCheck: work, keygen } },
  {
    name: "Keygen's where such a realm wants a check all the same",
    realm: { botCheck: always, keygen },
    edges: ["keygen"],
  },
  { name: "and where it has a CAPTCHA", realm: { botCheck: { ...none, captcha }, keygen }, edges: ["keygen"] },
  { name: "nobody where no such edge is on", realm: { recovery, botCheck: work } },
];

test.each(cases)("the log names $name", ({ realm, edges }) => {
  const lines: LogFields[] = [];
  const log = { warn: (fields: LogFields) => void lines.push(fields) };
  warnOfUncheckedEdges([{ id: "acme", ...realm }], log);
  expect(lines).toEqual(edges === undefined ? [] : [{ realmId: "acme", edges }]);
});
