// What can a webhook's receiver, or its name, make Rekey do? Wait a while, read a little, and nothing inside.

import { Readable } from "node:stream";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { AttemptOutcome } from "../../src/delivery/outbox/outbox.ts";
import type { WebhookEndpoint } from "../../src/delivery/webhook/endpoint.ts";
import type { Resolve } from "../../src/delivery/webhook/public-lookup.ts";
import { openWebhooks, type Webhooks } from "../support/open-webhooks.ts";
import { sampleEvents } from "../support/sample-events.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

let receiver: WebhookReceiver;
let webhooks: Webhooks;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  webhooks.close();
  await receiver.close();
});

async function attemptOn(changes: Partial<WebhookEndpoint>, signal?: AbortSignal): Promise<AttemptOutcome> {
  const url = `http://127.0.0.1:${receiver.port}/`;
  const secrets = [hmacSecret()] as const;
  webhooks.configure({ id: "crm", url, events: "all", secrets, receivesCodes: false, allowPrivate: true, ...changes });
  const [delivery] = await webhooks.announce(sampleEvents(webhooks.clock.now())["password.changed"]);
  return webhooks.attempt(delivery, signal);
}

/** Longer than a test may take: what ends before was ended by something else. */
const never = 600_000;
const soon = 200;
const isPrivate = { kind: "retry", problem: expect.stringContaining("address is private") };

describe("time and size", () => {
  test("who does not answer is left", async () => {
    webhooks = await openWebhooks({ timeoutMs: soon });
    receiver.answerWith(() => {});
    expect(await attemptOn({})).toMatchObject({ kind: "retry", problem: "the endpoint did not answer in time" });
    expect(receiver.received).toHaveLength(1);
  });

  test("an answer counts by its status, when the rest of it does not come", async () => {
    webhooks = await openWebhooks({ timeoutMs: soon });
    receiver.answerWith((_, response) => response.writeHead(200).write("wait for it"));
    expect(await attemptOn({})).toMatchObject({ kind: "delivered" });
  });

  test("an endless answer is cut off", async () => {
    webhooks = await openWebhooks({ timeoutMs: never });
    const cutOff = Promise.withResolvers<void>();
    receiver.answerWith((_, response) => {
      response.on("error", () => {}).on("close", cutOff.resolve);
      response.writeHead(500);
      Readable.from(endless()).pipe(response);
    });
    expect(await attemptOn({})).toMatchObject({ kind: "retry", problem: "the endpoint answered 500" });
    await cutOff.promise;
  });

  test("endless headers are cut off", async () => {
    webhooks = await openWebhooks({ timeoutMs: never });
    receiver.answerWith((_, { socket }) => {
      socket?.write(`HTTP/1.1 200 OK\r\n${`x-long: ${"x".repeat(1000)}\r\n`.repeat(100)}`);
    });
    expect(await attemptOn({})).toMatchObject({
      kind: "retry",
      problem: expect.stringContaining("HPE_HEADER_OVERFLOW"),
    });
  });

  test("who changes the protocol or ends the connection is tried again", async () => {
    webhooks = await openWebhooks();
    receiver.answerWith((_, { socket }) => {
      socket?.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    });
    expect(await attemptOn({})).toMatchObject({ kind: "retry", problem: expect.stringContaining("without an answer") });
    receiver.answerWith((_, { socket }) => socket?.destroy());
    expect(await attemptOn({})).toMatchObject({ kind: "retry", problem: expect.stringContaining("ECONNRESET") });
  });

  test("who is not there is tried again, and the problem names no address", async () => {
    webhooks = await openWebhooks();
    const gone = await startWebhookReceiver();
    await gone.close();
    const outcome = await attemptOn({ url: `http://127.0.0.1:${gone.port}/` });
    expect(outcome).toMatchObject({ kind: "retry", problem: "the endpoint could not be reached: ECONNREFUSED" });
  });

  test("an attempt ends when the outbox closes", async () => {
    webhooks = await openWebhooks({ timeoutMs: never });
    const closing = new AbortController();
    receiver.answerWith(() => closing.abort());
    expect(await attemptOn({}, closing.signal)).toMatchObject({ kind: "retry" });
  });

  test("connections are used again", async () => {
    webhooks = await openWebhooks();
    for (const _ of [1, 2, 3]) expect(await attemptOn({})).toMatchObject({ kind: "delivered" });
    expect(receiver.connections()).toBe(1);
  });
});

// Guard: ASVS 5.0 1.3.6
describe("addresses inside", () => {
  test.each(["http://127.0.0.1", "http://2130706433", "http://0x7f.1", "http://[::1]", "http://[::ffff:127.0.0.1]"])(
    "%s is not posted to",
    async (host) => {
      webhooks = await openWebhooks();
      expect(await attemptOn({ url: `${host}:${receiver.port}/`, allowPrivate: false })).toMatchObject(isPrivate);
      expect(receiver.connections()).toBe(0);
    },
  );

  test("a name that the system resolves to loopback is not posted to", async () => {
    webhooks = await openWebhooks();
    const url = `http://localhost:${receiver.port}/`;
    expect(await attemptOn({ url, allowPrivate: false })).toMatchObject(isPrivate);
    expect(receiver.connections()).toBe(0);
    expect(await attemptOn({ url, allowPrivate: true })).toMatchObject({ kind: "delivered" });
  });

  const answersOf = {
    "an address inside": ["127.0.0.1"],
    "addresses inside and out": ["1.1.1.1", "127.0.0.1"],
    "the metadata of a cloud": ["169.254.169.254"],
    "a private address, written as IPv6": ["::ffff:10.0.0.1"],
    "a unique-local address": ["fd00:ec2::254"],
  };
  test.each(Object.entries(answersOf))("a name that resolves to %s is not posted to", async (_, addresses) => {
    webhooks = await openWebhooks({ resolve: resolveTo(...addresses) });
    const url = `http://hooks.example.com:${receiver.port}/`;
    expect(await attemptOn({ url, allowPrivate: false })).toMatchObject(isPrivate);
    expect(receiver.connections()).toBe(0);
  });

  test("what was judged is what is connected to: a name is asked for once a connection", async () => {
    const asked: string[] = [];
    const resolve: Resolve = (hostname, options, found) => {
      asked.push(hostname);
      resolveTo("127.0.0.1")(hostname, options, found);
    };
    webhooks = await openWebhooks({ resolve });
    const url = `http://hooks.example.com:${receiver.port}/`;
    expect(await attemptOn({ url, allowPrivate: false })).toMatchObject(isPrivate);
    expect(asked).toEqual(["hooks.example.com"]);
    expect(await attemptOn({ url })).toMatchObject({ kind: "delivered" });
    expect(asked).toEqual(["hooks.example.com", "hooks.example.com"]);
  });

  test("a connection inside that is still open serves no endpoint that has to be outside", async () => {
    webhooks = await openWebhooks({ resolve: resolveTo("127.0.0.1") });
    const url = `http://hooks.example.com:${receiver.port}/`;
    expect(await attemptOn({ url })).toMatchObject({ kind: "delivered" });
    expect(await attemptOn({ url, allowPrivate: false })).toMatchObject(isPrivate);
    expect(receiver.received).toHaveLength(1);
  });

  test("a name that does not resolve is tried again", async () => {
    const missing: Resolve = (_, __, found) => found(Object.assign(new Error("no name"), { code: "ENOTFOUND" }), []);
    webhooks = await openWebhooks({ resolve: missing });
    const outcome = await attemptOn({ url: "https://hooks.example.com/", allowPrivate: false });
    expect(outcome).toMatchObject({ kind: "retry", problem: "the endpoint could not be reached: ENOTFOUND" });
  });
});

// Guard: ASVS 5.0 12.3.2
test("a certificate that cannot be verified gets nothing, whatever the environment says", async () => {
  const secured = await startWebhookReceiver({ tls: true });
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  webhooks = await openWebhooks({ authorities: "" });
  const outcome = await attemptOn({ url: `https://localhost:${secured.port}/` });
  vi.unstubAllEnvs();
  expect(outcome).toMatchObject({
    kind: "retry",
    problem: "the endpoint could not be reached: DEPTH_ZERO_SELF_SIGNED_CERT",
  });
  expect(secured.received).toEqual([]);
  await secured.close();
});

function* endless(): Generator<string> {
  for (;;) yield "x".repeat(1024);
}

function resolveTo(...addresses: string[]): Resolve {
  return (_, __, found) =>
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
}
