// What stands in a webhook, and what never does?

import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";
import { z } from "zod";

import { printWebhookSchema } from "../../scripts/print-webhook-schema.ts";
import { eventTypes, type RekeyEvent } from "../../src/delivery/events.ts";
import { eventBody, withoutCode } from "../../src/delivery/webhook/event-body.ts";
import { readRetryAfter } from "../../src/delivery/webhook/retry-after.ts";
import { hour } from "../../src/units.ts";
import { sampleEvents } from "../support/sample-events.ts";

const file = "docs/webhook-events.schema.json";
const happenedAt = Date.UTC(2027, 0, 15, 8);
const code = "8F3K2M7Q";
const samples = sampleEvents(happenedAt, code);
const published = z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")) as z.core.JSONSchema.JSONSchema);

const documentOf = (event: RekeyEvent, withCode = false): Record<string, unknown> =>
  JSON.parse(eventBody(event, { withCode }).toString()) as Record<string, unknown>;

test(`${file} is what the events are: node scripts/print-webhook-schema.ts`, () => {
  expect(readFileSync(file, "utf8")).toBe(printWebhookSchema());
});

describe.each(eventTypes)("%s", (type) => {
  const event = samples[type];

  test("is as the published schema says, with a code and without", () => {
    for (const withCode of [true, false]) {
      expect(published.safeParse(documentOf(event, withCode)).error).toBeUndefined();
    }
    expect(published.safeParse({ ...documentOf(event), type: "password.forgotten" }).success).toBe(false);
    expect(published.safeParse({ ...documentOf(event), data: {} }).success).toBe(false);
  });

  test("says who, where and when", () => {
    expect(documentOf(event)).toMatchObject({
      type,
      timestamp: "2027-01-15T08:00:00.000Z",
      data: {
        event_id: event.id,
        realm_id: "acme",
        organization_id: "org-1",
        user_id: "user-1",
        request_number: "7F3K-2MQ4",
      },
    });
  });

  test("has a type of words and full stops", () => {
    expect(type).toMatch(/^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*$/);
  });
});

test("each type says its own", () => {
  const about = { event_id: expect.any(String), realm_id: "acme", organization_id: "org-1", user_id: "user-1" };
  const data = (changes: object) => ({ ...about, request_number: "7F3K-2MQ4", ...changes });
  const expires_at = "2027-01-15T09:00:00.000Z";
  expect(documentOf(samples["password.reset.requested"])["data"]).toEqual(data({ medium: "event", expires_at }));
  expect(documentOf(samples["password.reset.completed"])["data"]).toEqual(data({}));
  expect(documentOf(samples["password.changed"])["data"]).toEqual(data({ by: "code", sessions_ended: true }));
  const { messageId: message_id } = samples["message.failed"];
  expect(documentOf(samples["message.failed"])["data"]).toEqual(
    data({ message_id, channel: "email", problem: "smtp-1: 550" }),
  );
});

// Incident: C24
test("the code stands in a body only where codes are allowed", () => {
  const requested = samples["password.reset.requested"];
  expect(documentOf(requested, true)["data"]).toMatchObject({ code });
  expect(eventBody(requested, { withCode: false }).toString()).not.toContain(code);
  const { code: _, ...without } = requested;
  expect(documentOf(without, true)["data"]).not.toHaveProperty("code");
});

test("a code can be taken out again, and nothing else changes", () => {
  for (const type of eventTypes) {
    const [withCode, without] = [true, false].map((withCode) => eventBody(samples[type], { withCode }));
    expect(withoutCode(withCode ?? Buffer.of()).toString()).toBe(without?.toString());
    expect(withoutCode(without ?? Buffer.of())).toBe(without);
  }
});

// Spec: Standard Webhooks 1.0.0, payload size
test("every body is below 20 kB, however long the names and the problem are", () => {
  const long = "🗝".repeat(100);
  for (const type of eventTypes) {
    const base = { id: long, realmId: long, userId: long, organizationId: long, requestNumber: long };
    const event: RekeyEvent = { ...samples[type], ...base };
    const longest =
      event.type === "message.failed" ? { ...event, problem: "🗝".repeat(100_000), messageId: long } : event;
    expect(eventBody(longest, { withCode: true }).length).toBeLessThan(20_000);
  }
});

// Spec: RFC 9110 §10.2.3
test("Retry-After is seconds or a date, and never longer than a day", () => {
  const now = Date.UTC(2027, 0, 15, 8);
  expect(readRetryAfter("0", now)).toBe(0);
  expect(readRetryAfter("120", now)).toBe(120_000);
  expect(readRetryAfter("9".repeat(400), now)).toBe(24 * hour);
  expect(readRetryAfter("Fri, 15 Jan 2027 08:00:30 GMT", now)).toBe(30_000);
  expect(readRetryAfter("Fri, 15 Jan 2027 07:00:00 GMT", now)).toBe(0);
  for (const nonsense of [undefined, "", "soon", "-5 seconds", "1.5.6x"]) {
    expect(readRetryAfter(nonsense, now)).toBeUndefined();
  }
});
