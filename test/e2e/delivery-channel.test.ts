// Does a message get out when providers are down? The next one takes it at once, and a broken one is left alone.

import { describe, expect, onTestFinished, test } from "vitest";

import type { Provider, TextMessage } from "../../src/delivery/provider.ts";
import { defaultChannelSettings, makeSendByChannel } from "../../src/delivery/send-by-channel.ts";
import { httpSmsProvider } from "../../src/delivery/sms/http-provider.ts";
import { twilioProvider } from "../../src/delivery/sms/twilio-provider.ts";
import { hour, second } from "../../src/units.ts";
import { type ApiReply, startApi, type TestApi, twilioAccount } from "../support/start-api.ts";

const message: TextMessage = { kind: "sms", messageId: "m-1", to: "+41446681800", text: "THE-SECRET-CODE" };
const never = new AbortController().signal;

/** A provider on an API that answers as `answer` says; `twilio` can refuse. */
async function provider(name: string, answer: () => ApiReply | "drop" | "hang", kind: "http" | "twilio" = "http") {
  const api = await startApi(answer);
  const { accountSid, credentials } = twilioAccount;
  const opened: Provider<TextMessage> =
    kind === "twilio"
      ? twilioProvider({ name, accountSid, credentials, sender: { from: "+15005550006" }, baseUrl: api.url })
      : httpSmsProvider({
          name,
          method: "POST",
          url: api.url,
          headers: {},
          body: { encoding: "json", value: { to: "{to}", text: "{text}" } },
        });
  return { opened, api };
}

function open(providers: readonly { opened: Provider<TextMessage>; api: TestApi }[], settings = {}) {
  const sender = makeSendByChannel(
    providers.map(({ opened }) => opened),
    { ...defaultChannelSettings, ...settings },
  );
  onTestFinished(async () => await sender.close());
  return {
    send: async (signal = never) => await sender.send(message, signal),
    asked: () => providers.map(({ api }) => api.requests.length),
  };
}

const good = () => ({ status: 200 });
const down = () => ({ status: 500 });

describe("one after the other", () => {
  test("the first one that can brings it, and the others are not asked", async () => {
    const channel = open([await provider("a", good), await provider("b", good)]);
    expect(await channel.send()).toEqual({ kind: "sent", by: "a" });
    expect(channel.asked()).toEqual([1, 0]);
  });

  test.each([
    ["is down", down],
    ["drops the line", () => "drop" as const],
    ["hangs", () => "hang" as const],
    ["wants to be left alone", () => ({ status: 429, headers: { "retry-after": "60" } })],
  ])("one that %s makes room for the next", async (_, answer) => {
    const channel = open([await provider("a", answer), await provider("b", good)], { attemptTimeoutMs: 200 });
    expect(await channel.send()).toEqual({ kind: "sent", by: "b" });
    expect(channel.asked()).toEqual([1, 1]);
  });

  test("a refusal is the last word: no other provider hears of the number", async () => {
    const refuses = () => ({ status: 400, body: JSON.stringify({ code: 21610 }) });
    const channel = open([await provider("a", refuses, "twilio"), await provider("b", good)]);
    expect(await channel.send()).toEqual({ kind: "refused", problem: "a: answered 400, code 21610" });
    expect(channel.asked()).toEqual([1, 0]);
  });

  test("when all fail, each one's trouble is told, and nothing of the message", async () => {
    const channel = open([await provider("a", down), await provider("b", () => "drop")]);
    const outcome = await channel.send();
    expect(outcome).toMatchObject({ kind: "failed", problem: expect.stringMatching(/^a: answered 500; b: no answer/) });
    expect(JSON.stringify(outcome)).not.toMatch(/446681800|SECRET/);
  });

  const busy = (seconds: number) => () => ({ status: 429, headers: { "retry-after": `${seconds}` } });
  test.each([
    ["the shortest wait counts", [busy(60), busy(7)], 7 * second],
    ["one that wants no wait may be asked at any time", [busy(60), down], undefined],
  ] as const)("when all fail, %s", async (_, [first, other], retryAfterMs) => {
    const channel = open([await provider("a", first), await provider("b", other)]);
    const outcome = await channel.send();
    expect(outcome.kind === "failed" && outcome.retryAfterMs).toBe(retryAfterMs);
  });

  test("a caller that gives up is not led through all of them", async () => {
    const giveUp = new AbortController();
    const hangs = () => {
      giveUp.abort();
      return "hang" as const;
    };
    const channel = open([await provider("a", hangs), await provider("b", good)]);
    expect(await channel.send(giveUp.signal)).toEqual({ kind: "failed", problem: "a: no answer (AbortError)" });
    expect(channel.asked()).toEqual([1, 0]);
  });

  test("one that breaks makes room for the next, and its words are not repeated", async () => {
    const broken: Provider<TextMessage> = {
      name: "broken",
      send: async ({ text }) => await Promise.reject(new RangeError(`cannot send ${text}`)),
      close: async () => {},
    };
    const alone = makeSendByChannel([broken]);
    expect(await alone.send(message, never)).toEqual({ kind: "failed", problem: "broken: it broke with RangeError" });
    const { opened } = await provider("b", good);
    expect(await makeSendByChannel([broken, opened]).send(message, never)).toEqual({ kind: "sent", by: "b" });
  });

  test("without a provider nothing is sent", async () => {
    expect(await open([]).send()).toEqual({ kind: "failed", problem: "no provider was asked" });
  });
});

describe("a broken provider", () => {
  test("is left alone after some failures in a row, and the next one is asked at once", async () => {
    const channel = open([await provider("a", down), await provider("b", good)], { failuresToOpen: 3, openMs: hour });
    for (let i = 0; i < 5; i += 1) expect(await channel.send()).toEqual({ kind: "sent", by: "b" });
    expect(channel.asked()).toEqual([3, 5]);
  });

  test("failures with a success between them do not count as a row", async () => {
    let times = 0;
    const channel = open([await provider("a", () => ((times += 1) % 2 === 0 ? good() : down()))], {
      failuresToOpen: 2,
      openMs: hour,
    });
    for (let i = 0; i < 6; i += 1) await channel.send();
    expect(channel.asked()).toEqual([6]);
  });

  test("a refusal is no failure of the provider", async () => {
    const refuses = () => ({ status: 400, body: JSON.stringify({ code: 21211 }) });
    const channel = open([await provider("a", refuses, "twilio")], { failuresToOpen: 1, openMs: hour });
    for (let i = 0; i < 3; i += 1) expect(await channel.send()).toMatchObject({ kind: "refused" });
    expect(channel.asked()).toEqual([3]);
  });

  test("when all are left alone, the message comes back after that time", async () => {
    const channel = open([await provider("a", down)], { failuresToOpen: 1, openMs: hour });
    await channel.send();
    expect(await channel.send()).toEqual({
      kind: "failed",
      problem: "a: left alone, it has failed too often",
      retryAfterMs: hour,
    });
    expect(channel.asked()).toEqual([1]);
  });

  test("is tried by one message when its time is over, and is back when that got through", async () => {
    let isDown = true;
    const channel = open([await provider("a", () => (isDown ? down() : good())), await provider("b", good)], {
      failuresToOpen: 1,
      openMs: 0,
    });
    expect(await channel.send()).toEqual({ kind: "sent", by: "b" });
    expect(await channel.send()).toEqual({ kind: "sent", by: "b" });
    isDown = false;
    expect(await channel.send()).toEqual({ kind: "sent", by: "a" });
    expect(channel.asked()).toEqual([3, 2]);
  });

  test("others do not wait for the one that tries it", async () => {
    let times = 0;
    const trying = Promise.withResolvers<void>();
    const giveUp = new AbortController();
    const first = await provider("a", () => {
      times += 1;
      if (times === 1) return down();
      trying.resolve();
      return "hang";
    });
    const channel = open([first, await provider("b", good)], { failuresToOpen: 1, openMs: 0 });
    await channel.send();
    const trial = channel.send(giveUp.signal);
    await trying.promise;
    expect(await channel.send()).toEqual({ kind: "sent", by: "b" });
    giveUp.abort();
    expect(await trial).toMatchObject({ kind: "failed" });
  });
});
