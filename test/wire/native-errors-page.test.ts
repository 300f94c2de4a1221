// Does docs/errors.md list what callers can hear: every reason, with its status and its details?

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { create } from "@bufbuild/protobuf";
import { ViolationSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";

import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import type { Gate } from "../../src/edge/http/served.ts";
import { apiKeyGate } from "../../src/edge/native/credentials.ts";
import { nativeWords } from "../../src/edge/native/refusals.ts";
import { requestError } from "../../src/edge/http/json/request-fault.ts";
import { httpStatusOf } from "../../src/edge/rest/status.ts";
import type { RefusalOf, RefusalReason } from "../../src/reset/refusal.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** One of each; a new reason without a sample does not compile. */
const refusals: { readonly [Reason in RefusalReason]: RefusalOf<Reason> } = {
  permission_missing: { reason: "permission_missing", permission: "password.set", hasAny: true },
  realm_unknown: { reason: "realm_unknown" },
  bot_check_required: { reason: "bot_check_required" },
  bot_check_failed: { reason: "bot_check_failed", problem: "stale" },
  user_unknown: { reason: "user_unknown" },
  user_not_ready: { reason: "user_not_ready" },
  channel_unavailable: { reason: "channel_unavailable", channel: "sms" },
  url_template_invalid: { reason: "url_template_invalid", problem: "syntax", description: "d" },
  url_template_missing: { reason: "url_template_missing" },
  template_unknown: { reason: "template_unknown", template: "t" },
  delivery_unknown: { reason: "delivery_unknown" },
  delivery_not_resendable: { reason: "delivery_not_resendable" },
  delivery_off: { reason: "delivery_off", channel: "sms" },
  code_absent: { reason: "code_absent" },
  code_wrong: { reason: "code_wrong" },
  recovery_blocked: { reason: "recovery_blocked", retryAfterMs: 1 },
  code_replaced: { reason: "code_replaced" },
  code_expired: { reason: "code_expired", matched: true },
  code_used: { reason: "code_used", matched: true },
  code_exhausted: { reason: "code_exhausted" },
  code_busy: { reason: "code_busy", retryAfterMs: 1 },
  guesses_spent: { reason: "guesses_spent", limit: "guess_code.account", retryAfterMs: 1 },
  rate_limited: { reason: "rate_limited", limit: "return_code.caller", retryAfterMs: 1 },
  password_rejected: { reason: "password_rejected", violations: [{ rule: "common" }] },
  password_incorrect: { reason: "password_incorrect" },
  password_not_set: { reason: "password_not_set" },
  password_unchanged: { reason: "password_unchanged" },
  hash_unsupported: { reason: "hash_unsupported", description: "d" },
  hash_too_costly: { reason: "hash_too_costly", description: "d" },
  user_exists: { reason: "user_exists", field: "user_id" },
  organization_unknown: { reason: "organization_unknown", organizationId: "moon" },
  field_invalid: { reason: "field_invalid", field: "user_name", description: "d" },
  conflict: { reason: "conflict" },
  overloaded: { reason: "overloaded", retryAfterMs: 1 },
};

function turnedAway(headers: Record<string, string>): ConnectError {
  const context = { requestHeader: new Headers(headers), values: createContextValues() };
  try {
    void apiKeyGate(() => undefined)(context as Parameters<Gate>[0]);
  } catch (cause) {
    return ConnectError.from(cause);
  }
  throw new Error("the gate let everybody in");
}

const method = PasswordService.method.setPassword;
const errors: readonly ConnectError[] = [
  ...Object.values(refusals).map((details) => nativeWords.refusal(details, { method })),
  nativeWords.invalid([create(ViolationSchema, { message: "m", ruleId: "r" })]),
  nativeWords.field("page_token", "d"),
  nativeWords.outage(),
  turnedAway({}),
  turnedAway({ authorization: "Bearer unknown" }),
  requestError({ reason: "BODY_INVALID", message: "m" }, true),
];

type Row = { readonly reason: string; readonly status: string; readonly details: string };

/** As the page writes it. */
function rowOf(error: ConnectError): Row {
  const [info, ...others] = error.details.map((detail) => {
    if ("desc" in detail) return detail;
    throw new Error("made here, not read from a wire");
  });
  if (info?.desc !== ErrorInfoSchema) throw new Error("ErrorInfo comes first");
  const details = others.map(({ desc }) => desc.name);
  const name = Code[error.code].replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  const { reason } = info.value as { reason: string };
  return { reason, status: `${name} (${httpStatusOf(error.code)})`, details: details.join(", ") };
}

const page = read("docs/errors.md");
const listed: readonly Row[] = [
  ...page.matchAll(/^\| `([A-Z_]+)` \| ([A-Z_]+ \(\d+\)) \|[^|]*\|[^|]*\|\s*([^|]*?)\s*\|$/gm),
].map(([, reason = "", status = "", details = ""]) => ({ reason, status, details }));

test("each reason is listed once", () => {
  const reasons = listed.map(({ reason }) => reason);
  expect(reasons).toEqual([...new Set(reasons)]);
});

test("the page lists exactly the reasons that are sent, each with its status and its details", () => {
  const byReason = (one: Row, other: Row) => (one.reason < other.reason ? -1 : 1);
  const sent = new Map(errors.map(rowOf).map((row) => [JSON.stringify(row), row]));
  expect(listed.toSorted(byReason)).toEqual([...sent.values()].toSorted(byReason));
});

test("no reason stands in the sources that the page does not know", () => {
  const known = new Set(page.match(/\b[A-Z][A-Z_]+\b/g));
  const files = ["http", "rest", "native"].flatMap((edge) =>
    readdirSync(join(root, "src/edge", edge), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `src/edge/${edge}/${file}`),
  );
  const reasons = files.flatMap((file) =>
    [...read(file).matchAll(/reason: "([A-Z_]+)"/g)].map((match) => match[1] ?? ""),
  );
  expect(reasons.length).toBeGreaterThan(20);
  // What REST and the wire say of a single field beside a listed reason.
  const ofFields = new Set(["INVALID", "REQUIRED", "UNCHANGED", "UNSUPPORTED", "TOO_COSTLY", "UNKNOWN_FIELD"]);
  const ofRest = new Set(["VALUE_INVALID", "GIVEN_TWICE", "ONEOF_CONFLICT"]);
  expect(reasons.filter((reason) => !known.has(reason) && !ofFields.has(reason) && !ofRest.has(reason))).toEqual([]);
});

describe.each(listed)("$reason", ({ reason }) => {
  test("is a reason as ErrorInfo wants it", () => {
    // Spec: google/rpc/error_details.proto.
    expect(reason).toMatch(/^[A-Z][A-Z0-9_]{1,61}[A-Z0-9]$/);
  });
});

test("the page names every rule of a password and every problem of a link", () => {
  const rules = [...read("src/password/policy.ts").matchAll(/readonly rule: "(\w+)"/g)].map((match) => match[1] ?? "");
  const problems = /problem: ("\w+"(?: \| "\w+")*)/.exec(read("src/reset/refusal.ts"))?.[1] ?? "";
  const all = [...rules, ...problems.replaceAll('"', "").split(" | ")].map((name) => name.toUpperCase());
  expect(all.length).toBeGreaterThan(10);
  expect(all.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("the proto files name no error that the page does not list", () => {
  const text = ["password_service", "user_service"].map((name) => read(`proto/rekey/v1/${name}.proto`)).join("\n");
  const comments = [...text.matchAll(/Errors: (?:.|\n\s*\/\/ (?=\w))*/g)].map(([comment]) => comment).join("\n");
  const named = [...comments.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name);
  const known = new Set(listed.flatMap(({ reason, status }) => [reason, status.split(" ")[0]]));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});
