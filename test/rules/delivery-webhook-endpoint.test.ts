// Which webhook endpoints are refused, before anything is sent to them?

import { expect, test } from "vitest";

import { endpointProblems, wantsEvent, type EndpointDraft } from "../../src/delivery/webhook/endpoint.ts";
import { ed25519Secret, hmacSecret } from "../support/webhook-secrets.ts";

const sound: EndpointDraft = {
  id: "crm",
  url: "https://hooks.example.com/rekey?tenant=7",
  events: "all",
  secrets: [hmacSecret()],
  receivesCodes: false,
  allowPrivate: false,
};

const problemsOf = (changes: Partial<EndpointDraft>) => endpointProblems({ ...sound, ...changes });
const loopback = { url: "http://localhost:3000/hook", allowPrivate: true };

test("takes endpoints on the internet, by name and by address", () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ url: "https://1.1.1.1/" })).toEqual([]);
  expect(problemsOf({ url: "https://[2606:4700::1]:8443/" })).toEqual([]);
  expect(problemsOf({ receivesCodes: true })).toEqual([]);
});

test("takes both kinds of secrets, and two of each while they are rotated", () => {
  expect(problemsOf({ secrets: [hmacSecret(24)] })).toEqual([]);
  expect(problemsOf({ secrets: [hmacSecret(64)] })).toEqual([]);
  const secrets = [hmacSecret(), hmacSecret(), ed25519Secret().secret, ed25519Secret().secret];
  expect(problemsOf({ secrets })).toEqual([]);
});

test("takes what is inside only when that is said", () => {
  const addresses = ["https://10.0.0.7/", "https://[fd00::7]/", "https://[::1]/", "https://169.254.169.254/"];
  for (const url of addresses) {
    expect(problemsOf({ url })).toEqual([expect.stringContaining("private address")]);
    expect(problemsOf({ url, allowPrivate: true })).toEqual([]);
  }
});

// Guard: ASVS 5.0 1.3.6. The URL's own parser brings every spelling into one form.
test("sees through spellings of an address", () => {
  const spellings = ["https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://0177.0.0.1/"];
  for (const url of [...spellings, "https://[::ffff:127.0.0.1]/", "https://①②⑦.0.0.1/"]) {
    expect(problemsOf({ url })).toEqual([expect.stringContaining("private address")]);
  }
});

// Guard: ASVS 5.0 12.3.1
test("takes http:// on loopback only, and only when that is allowed", () => {
  expect(problemsOf(loopback)).toEqual([]);
  expect(problemsOf({ ...loopback, url: "http://127.0.0.1:3000/" })).toEqual([]);
  expect(problemsOf({ ...loopback, url: "http://[::1]:3000/" })).toEqual([]);
  for (const url of ["http://hooks.example.com/", "http://10.0.0.7/", "http://localhost.example.com/"]) {
    expect(problemsOf({ url, allowPrivate: true })).toEqual([expect.stringContaining("has to start with https://")]);
  }
  expect(problemsOf({ url: "http://localhost:3000/" })).toEqual([
    expect.stringContaining("has to start with https://"),
    expect.stringContaining("private address"),
  ]);
});

// Incident: C24
test("lets codes go over https:// only, on loopback too", () => {
  expect(problemsOf({ ...loopback, receivesCodes: true })).toEqual([expect.stringContaining("needs https://")]);
  const url = "https://localhost:3000/";
  expect(problemsOf({ url, allowPrivate: true, receivesCodes: true })).toEqual([]);
});

test("refuses codes for an endpoint that gets no event with codes", () => {
  expect(problemsOf({ events: ["password.changed"], receivesCodes: true })).toEqual([
    expect.stringContaining("password.reset.requested"),
  ]);
});

test.each(["", "hooks.example.com", "ftp://hooks.example.com/", "https://", "javascript:alert(1)"])(
  "refuses %j, which is no URL to post to",
  (url) => {
    expect(problemsOf({ url })).toEqual(["The URL has to start with https:// and a host."]);
  },
);

test("refuses a user name or a password in the URL", () => {
  for (const url of ["https://me@hooks.example.com/", "https://:secret@hooks.example.com/"]) {
    expect(problemsOf({ url })).toEqual(["The URL may not hold a user name or a password."]);
  }
});

test("refuses an empty list of events, and unknown ones by their place", () => {
  expect(problemsOf({ events: [] })).toEqual([expect.stringContaining("empty")]);
  expect(problemsOf({ events: ["password.changed", "password.forgotten"] })).toEqual([
    expect.stringContaining("Event 2 is not known"),
  ]);
});

test("refuses ids that could not stand in a log", () => {
  for (const id of ["", "CRM", "a b", "a:b", "x".repeat(65)]) {
    expect(problemsOf({ id })).toEqual([expect.stringContaining("The id")]);
  }
});

test("refuses secrets that cannot sign, without repeating them", () => {
  const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");
  const broken = [
    base64(32),
    `whsec_${base64(23)}`,
    `whsec_${base64(65)}`,
    `whsec_${base64(32).replace("=", "")}`,
    `whsec_${base64(32)} `,
    `whpk_${base64(32)}`,
    `whsk_${base64(31)}`,
    `whsk_${base64(33)}`,
    // A seed, and a public key that is not its own.
    `whsk_${base64(64)}`,
  ];
  for (const secret of broken) {
    const problems = problemsOf({ secrets: [hmacSecret(), secret] });
    expect(problems).toEqual([expect.stringContaining("Secret 2 cannot sign")]);
    expect(problems.join()).not.toContain(secret);
  }
});

test("refuses none, too many, and one that is there twice", () => {
  const secret = hmacSecret();
  expect(problemsOf({ secrets: [] })).toEqual([expect.stringContaining("At least one secret")]);
  expect(problemsOf({ secrets: [secret, secret] })).toEqual(["Secret 2 is there twice."]);
  expect(problemsOf({ secrets: Array.from({ length: 5 }, () => hmacSecret()) })).toEqual([
    expect.stringContaining("At most 4"),
  ]);
});

test("says everything at once", () => {
  const problems = endpointProblems({
    id: "A",
    url: "http://10.0.0.1/",
    events: ["x"],
    secrets: ["y"],
    receivesCodes: false,
    allowPrivate: false,
  });
  expect(problems).toHaveLength(5);
});

test("an endpoint wants the events that it names, or all", () => {
  const named = { ...sound, events: ["password.changed"], secrets: [hmacSecret()] } as const;
  expect(wantsEvent(named, "password.changed")).toBe(true);
  expect(wantsEvent(named, "message.failed")).toBe(false);
  expect(wantsEvent({ ...named, events: "all" }, "message.failed")).toBe(true);
});
