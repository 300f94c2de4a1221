// Does delivery leak a secret or an address? After many flows, nothing of what messages said rests in clear: not in the
// file, not in Redis and BullMQ's keys, not in the log, not in dead letters.
// Guard: ASVS 5.0 6.5.2, 14.2.7, 16.2.5; Incident: C24.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import {
  eventsAt,
  linkIn,
  mailAccount,
  mailServer,
  mailTo,
  sendLink,
  setPassword,
  textTo,
  twilioSetting,
  webhookEndpoint,
} from "../support/delivery-scene.ts";
import { dumpRedis } from "../support/dump-redis.ts";
import { eventually } from "../support/eventually.ts";
import { startTwilio, twilioAccount } from "../support/start-api.ts";
import { goodPasswords, startProduction, stores, type TestUser } from "../support/start-production.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

const flows = 50;

test.each(stores)("%s, the log and dead letters hold no secret and name no address", async (store) => {
  const refused = new Set<string>();
  const { server, setting } = await mailServer("mail", {
    onRecipient: (address) => (refused.has(address) ? `550 5.1.1 ${address} is not known here` : undefined),
  });
  const twilio = await startTwilio();
  const hmac = hmacSecret();
  const codes = await webhookEndpoint("codes", hmac, { receives_codes: true });
  const away = await webhookEndpoint("away", hmacSecret(), { receives_codes: true });
  away.receiver.answerWith((_, response) => response.writeHead(500).end("no"));
  const service = await startProduction({
    store,
    delivery: { smtp: [setting], sms: [twilioSetting(twilio.url)], concurrency: 10 },
    acme: { webhooks: [codes.setting, away.setting] },
  });
  const secrets = new Set([mailAccount.password, twilioAccount.credentials.password, hmac, service.keyOf()]);
  secrets.add(goodPasswords.first);
  const addresses = new Set<string>();

  async function flow(number: number): Promise<void> {
    const user = await service.makeUser(number % 2 === 0 ? { password: undefined } : {});
    addresses.add(user.email).add(user.phone);
    if (number % 5 === 0) refused.add(user.email);
    const byText = number % 3 === 0;
    await sendLink(service, user, byText ? { notificationType: "NOTIFICATION_TYPE_SMS" } : {});
    const code = await codeOf(user);
    secrets.add(code);
    if (refused.has(user.email) && !byText) return;
    const { code: sent } = linkIn(byText ? await textTo(twilio, user) : (await mailTo(server, user.email)).text);
    expect(sent).toBe(code);
    // Some codes stay live.
    if (number % 4 === 0) return;
    const password = `canary password ${number} ${crypto.randomUUID()}`;
    secrets.add(password);
    expect(await setPassword(service, user, code, password)).toBe("set");
  }
  async function codeOf({ userId }: TestUser): Promise<string> {
    return await eventually(
      () =>
        eventsAt(codes.receiver).find(({ event: { data } }) => data["user_id"] === userId && "code" in data)?.event
          .data["code"],
    );
  }

  const numbers = Array.from({ length: flows }, (_, number) => number);
  const next = numbers.values();
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (const number of next) await flow(number);
    }),
  );
  // Messages to people have ended; what the endpoint that is away should have, codes among it, still waits.
  const waiting = await eventually(async () => {
    const { body } = await service.call("GET /v1/deliveries?state=DELIVERY_STATE_WAITING&page_size=200");
    return body.deliveries?.every(({ channel }) => channel === "DELIVERY_CHANNEL_WEBHOOK") && body.deliveries;
  });
  expect(waiting.length).toBeGreaterThan(flows);
  const { body } = await service.call("GET /v1/deliveries?page_size=200");
  expect(body.deliveries?.length).toBeGreaterThan(5);
  expect(secrets.size).toBeGreaterThan(flows);

  const files = readdirSync(service.dataDir).filter((name) => name.startsWith("rekey.db"));
  expect(files).toContain("rekey.db");
  const file = files.map((name) => readFileSync(join(service.dataDir, name), "latin1")).join("\n");
  // The log's last lines come with its end.
  expect(await service.stop()).toBe(0);
  const shown = `${service.output()}\n${JSON.stringify([waiting, body])}`;
  expect(shown).toContain("a message is a dead letter");
  const redis = service.redisUrl === undefined ? "" : await dumpRedis(service.redisUrl);
  expect(redis.includes("rekey:{outbox}")).toBe(store === "Redis");
  for (const place of [file, redis, shown]) expect(found(place, secrets)).toEqual([]);
  // The directory in the file knows the addresses, of course; nobody else does.
  for (const place of [redis, shown]) expect(found(place, addresses)).toEqual([]);
  expect(redis + shown).not.toContain("people.example");
});

/** Also as they look in base64, whatever stands before them, and with other line ends. */
function found(place: string, words: ReadonlySet<string>): readonly string[] {
  return [...words].filter((word) => [word, ...base64Of(word)].some((form) => place.includes(form)));
}

/** The part of it that is the same wherever it stands in a longer text. */
function base64Of(word: string): readonly string[] {
  return [0, 1, 2].map((before) =>
    Buffer.from(" ".repeat(before) + word)
      .toString("base64")
      .slice(4, -4),
  );
}
