// What does a flood from everywhere come to? As many guesses and requests as the limits say, exactly, whatever addresses
// it is sent from; and of those who all hold the right code, one gets a password.

import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { eventsAt, mailTo, webhookEndpoint } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import {
  goodPasswords,
  type Production,
  startProduction,
  type StoreName,
  stores,
} from "../support/start-production.ts";
import { startSmtpServer } from "../support/start-smtp-server.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

const recovery = {
  enabled: true,
  link: "https://app.example.com/recover#token={{.Token}}",
  bot_check: { proof_of_work: { mode: "off" } },
};
const off = { identifier: "off", address: "off", realm: "off" };
const open = {
  present_code: { address: "off" },
  guess_code: { account: "off" },
  start_recovery: off,
  present_recovery: { identifier: "off", address: "off" },
};

/** A service behind one proxy that is trusted, and a person whose mail came. */
async function startScene(store: StoreName, limits: object, webhooks: readonly object[] = []) {
  const server = await startSmtpServer({ security: "none" });
  const smtp = [{ name: "mail", host: "127.0.0.1", port: server.port, security: "none" }];
  const service = await startProduction({
    store,
    isForgetful: true,
    listen: { trusted_hops: 1 },
    delivery: { smtp },
    acme: { recovery, limits: { ...open, ...limits }, webhooks },
  });
  const user = await service.makeUser();
  const { recoveryId = "" } = await ask(service, "", { realmId: "acme", identifier: user.email }, "192.0.2.1");
  const { text } = await mailTo(server, user.email);
  const code = /enter this one:\s+(\S+)/.exec(text)?.[1] ?? "";
  const token = /#token=(\S+)/.exec(text)?.[1] ?? "";
  return { service, user, recoveryId, code, token };
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** As the proxy passes it on. */
async function ask(
  { address }: Production,
  path: string,
  body: object,
  from: string,
): Promise<{ status: number; reason: string; recoveryId?: string }> {
  const headers = { "content-type": "application/json", "x-forwarded-for": from };
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  const sent = request(`${address}/v1/recovery${path}`, { method: "POST", headers, agent }, resolve);
  sent.on("error", reject);
  sent.end(JSON.stringify(body));
  const response = await promise;
  const answer = JSON.parse(await text(response)) as { recoveryId?: string; details?: { reason?: string }[] };
  const { recoveryId } = answer;
  const reason = answer.details?.[0]?.reason ?? "";
  return { status: response.statusCode ?? 0, reason, ...(recoveryId === undefined ? {} : { recoveryId }) };
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

const otherThan = (code: string): string => (code.startsWith("0") ? "1" : "0") + code.slice(1);

// Guard: ASVS 5.0 2.3.4, 2.4.1, 6.6.3. Incident: C11.
test.each(stores)("in %s: of 500 guesses at once from 500 addresses, five are compared", async (store) => {
  const { service, recoveryId, code, token } = await startScene(store, {});
  const newPassword = { password: goodPasswords.second };
  const guess = { proof: { code: { recoveryId, verificationCode: otherThan(code) } }, newPassword };
  const answers = await Promise.all(
    Array.from(
      { length: 500 },
      async (_, at) => await ask(service, "/complete", guess, `198.51.${at >> 8}.${at % 256}`),
    ),
  );
  // A stranger hears one word; what was compared stands in the log.
  expect(tally(answers.map(({ reason }) => reason))).toEqual({ CODE_INVALID: 500 });
  const reasons = await eventually(() => {
    const ends = linesOf(service, "recovery.completed").map(({ reason = "" }) => reason);
    return ends.length === 500 && ends;
  });
  expect(tally(reasons)).toEqual({ code_wrong: 5, code_exhausted: 495 });
  const right = { proof: { code: { recoveryId, verificationCode: code } }, newPassword };
  expect(await ask(service, "/complete", right, "203.0.113.1")).toMatchObject({ reason: "CODE_INVALID" });
  expect(await ask(service, "/complete", { proof: { token }, newPassword }, "203.0.113.1")).toMatchObject({
    status: 200,
  });
});

// Guard: ASVS 5.0 2.3.4. Incident: C11.
test.each(stores)("in %s: a limit of 30 tries lets exactly 30 of 500 through", async (store) => {
  const limits = { present_recovery: { identifier: { max: 30, window: "1h" }, address: "off" } };
  const { service, recoveryId } = await startScene(store, limits);
  const guess = { proof: { code: { recoveryId, verificationCode: "0000-0000" } } };
  const answers = await Promise.all(
    Array.from({ length: 500 }, async (_, at) => await ask(service, "/check", guess, `2001:db8:${at.toString(16)}::1`)),
  );
  expect(tally(answers.map(({ reason }) => reason))).toEqual({ CODE_INVALID: 30, TOO_MANY_TRIES: 470 });
});

// Guard: ASVS 5.0 2.4.1, 15.3.4. Incident: C13.
test.each([
  [
    "one IPv6 /64",
    ["2001:db8:1:2::1", "2001:DB8:1:2::ABCD", "2001:0db8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2:5::"],
  ],
  ["one IPv4 address", ["192.0.2.77", "::ffff:192.0.2.77", "::FFFF:192.0.2.77", "::ffff:c000:24d"]],
])("however %s is written, it is one", async (_name, [first = "", ...spellings]) => {
  const address = { max: 2, window: "1h" };
  const { service } = await startScene("a file", { start_recovery: { ...off, address } });
  const from = async (where: string, at: number) =>
    (await ask(service, "", { realmId: "acme", identifier: `nobody-${at}` }, where)).reason;
  expect([await from(first, 1), await from(spellings[0] ?? "", 2)]).toEqual(["", ""]);
  for (const spelling of [first, ...spellings])
    expect([spelling, await from(spelling, 3)]).toEqual([spelling, "RATE_LIMITED"]);
  // What a client writes in front of the proxy's word counts for nothing.
  expect(await from(`203.0.113.9, ${first}`, 4)).toBe("RATE_LIMITED");
  expect(await from("203.0.113.9", 5)).toBe("");
});

// Guard: ASVS 5.0 2.3.4, 6.5.1. Incident: C14.
test.each(stores)("in %s: of 200 who redeem one link and one code at once, one gets a password", async (store) => {
  const { receiver, setting } = await webhookEndpoint("app", hmacSecret());
  const { service, user, recoveryId, code, token } = await startScene(store, {}, [setting]);
  const chosen = Array.from({ length: 200 }, (_, at) => `the password of racer ${at}`);
  const answers = await Promise.all(
    chosen.map(async (password, at) => {
      const proof = at % 2 === 0 ? { token } : { code: { recoveryId, verificationCode: code } };
      return await ask(service, "/complete", { proof, newPassword: { password } }, `198.51.100.${at}`);
    }),
  );
  const winners = chosen.filter((_, at) => answers[at]?.status === 200);
  expect(winners).toHaveLength(1);
  const losers = new Set(answers.flatMap(({ status, reason }) => (status === 200 ? [] : [reason])));
  expect([...losers].filter((reason) => !["CODE_BUSY", "CODE_USED", "OVERLOADED"].includes(reason))).toEqual([]);
  // A change by the one that stands shows which one it is; it is the second event, and there is no third.
  const change = { newPassword: { password: goodPasswords.second }, currentPassword: winners[0] };
  expect((await service.call(`POST /v1/users/${user.userId}/password`, change)).status).toBe(200);
  const changes = () => eventsAt(receiver).filter(({ event }) => event.type === "password.changed");
  await eventually(() => changes().length >= 2);
  expect(changes()).toHaveLength(2);
});

/** What is on record of calls of this kind. */
function linesOf(service: Production, event: string): readonly { readonly reason?: string }[] {
  const lines = service.output().split("\n");
  return lines
    .filter((line) => line.includes(`"audit":"${event}"`) && line.endsWith("}"))
    .map((line) => JSON.parse(line) as { reason?: string });
}
