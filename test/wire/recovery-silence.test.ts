// What can a stranger learn by asking for a message? Nothing: the bytes are the same, whoever it is for.
// Guard: ASVS 5.0 6.3.8; Incident: C9, C10, C30.

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hour } from "../../src/units.ts";
import { ask, askJson, newestMessage, type Protocol, protocols, type RecoveryStep } from "../support/ask-recovery.ts";
import { makeRealm, noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";

const recovery = { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" };
const open = makeRealm({ recovery });
const limited = makeRealm({
  recovery,
  limits: { ...noLimits, send_message: { account: { max: 1, windowMs: hour } } },
});
const counted = makeRealm({
  recovery,
  limits: {
    ...noLimits,
    start_recovery: { identifier: { max: 3, windowMs: hour } },
    guess_code: { account: { max: 4, windowMs: hour } },
    present_recovery: { identifier: { max: 7, windowMs: hour } },
  },
});

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [open, limited, counted] });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

let turn = 0;
/** Names of one length, so that what was sent is as long for everybody. */
async function everybody(): Promise<Record<string, string>> {
  turn += 1;
  const names: Record<string, string> = {};
  const name = (who: string) =>
    (names[who] = `who-${String(turn).padStart(3, "0")}-${Object.keys(names).length}@example.org`);
  const user = async (who: string, changes: Parameters<Rekey["user"]>[1] = {}) =>
    await rekey.user(open, { userName: name(who), ...changes });
  name("who does not exist");
  await user("known");
  await user("inactive", { state: "inactive" });
  await user("locked", { state: "locked" });
  await user("not set up", { state: "initial" });
  await user("without a verified address", { email: { address: `${turn}@example.net`, verified: false } });
  const shared = await user("two people's");
  await rekey.user(open, { email: { address: shared.userName, verified: true } });
  return names;
}

/** The same for all but what is random: both numbers are of one length, and stand in the same places. */
function withoutChance({ status, heads, bytes }: Awaited<ReturnType<typeof ask>>): string {
  const body = bytes
    .toString("latin1")
    .replace(/[0-9A-Z]{4}-[0-9A-Z]{4}/, "NUMBER")
    .replace(/[A-Za-z0-9_-]{100,}/, (id) => `id of ${id.length}`);
  return [status, ...heads, bytes.length, body].join("\n");
}

describe.each(protocols)("over %s", (protocol: Protocol) => {
  test("asking is answered in the same bytes", async () => {
    const names = await everybody();
    const answers: Record<string, string> = {};
    for (const [who, identifier] of Object.entries(names)) {
      const request = { realmId: open.id, identifier, state: "/basket" };
      answers[who] = withoutChance(await ask(url, protocol, "start", request));
    }
    const expected = answers["who does not exist"];
    expect(expected).toContain("NUMBER");
    expect(answers).toEqual(Object.fromEntries(Object.keys(names).map((who) => [who, expected])));
    const ends = (await rekey.recoveries()).slice(-Object.keys(names).length);
    expect(new Set(ends.map(({ reason }) => reason))).toEqual(
      new Set(["user_unknown", undefined, "user_not_ready", "channel_unavailable"]),
    );
  });

  test("asking is answered the same when the account has had its messages", async () => {
    const { userName: identifier } = await rekey.user(limited, { userName: `${randomUUID()}@example.org` });
    const answers = [];
    for (let i = 0; i < 3; i += 1) {
      answers.push(withoutChance(await ask(url, protocol, "start", { realmId: limited.id, identifier })));
    }
    const other = await ask(url, protocol, "start", {
      realmId: limited.id,
      identifier: `${randomUUID()}@example.org`,
    });
    expect(new Set([...answers, withoutChance(other)]).size).toBe(1);
    // They are looked into side by side.
    const ends = (await rekey.recoveries()).slice(-4).map(({ reason = "sent" }) => reason);
    expect(ends.toSorted()).toEqual(["rate_limited", "rate_limited", "sent", "user_unknown"]);
  });

  test.each(["check", "complete"] as const)("a wrong code is answered the same to %s", async (step: RecoveryStep) => {
    const names = await everybody();
    const answers: Record<string, string> = {};
    for (const [who, identifier] of Object.entries(names)) {
      const { recoveryId = "" } = await askJson(url, "start", { realmId: open.id, identifier });
      await rekey.recoveries();
      answers[who] = withoutChance(await ask(url, protocol, step, wrong(protocol, step, String(recoveryId))));
    }
    const expected = answers["who does not exist"];
    expect(expected).toMatch(/CODE_INVALID|grpc-status: 9/);
    expect(answers).toEqual(Object.fromEntries(Object.keys(names).map((who) => [who, expected])));
  });
});

/** As each form of a message has it: JSON for REST and Connect, fields with their cases for gRPC-Web. */
function wrong(protocol: Protocol, step: RecoveryStep, recoveryId: string): object {
  const code = { recoveryId, verificationCode: "0000-0000" };
  const proof = protocol === "gRPC-Web" ? { proof: { case: "code", value: code } } : { code };
  return { proof, ...(step === "complete" && { newPassword: { password: "correct horse battery staple" } }) };
}

describe("how often may be asked", () => {
  // Incident: C30.
  test("is counted alike for the known and the unknown", async () => {
    await rekey.user(counted, { userName: "known" });
    const outcomes = async (identifier: string) => {
      const answers = [];
      for (let i = 0; i < 5; i += 1) {
        const answer = await askJson(url, "start", { realmId: counted.id, identifier });
        answers.push([answer.reason ?? "started", answer["message"]]);
      }
      return answers;
    };
    const known = await outcomes("known");
    expect(known.map(([reason]) => reason)).toEqual(["started", "started", "started", "RATE_LIMITED", "RATE_LIMITED"]);
    expect(await outcomes("nobody")).toEqual(known);
  });

  // Incident: C30. The account's own budget of four guesses is spent on the way, and nobody hears of it.
  test("counts typed codes alike for the known and the unknown; the link still works", async () => {
    const user = await rekey.user(counted, { userName: "guessed" });
    const outcomes = async (identifier: string) => {
      const { recoveryId = "" } = await askJson(url, "start", { realmId: counted.id, identifier });
      await rekey.recoveries();
      const answers = [];
      for (let i = 0; i < 9; i += 1) {
        answers.push(withoutChance(await ask(url, "REST", "check", wrong("REST", "check", String(recoveryId)))));
      }
      return answers;
    };
    const known = await outcomes("guessed");
    expect(known.slice(0, 7).every((answer) => answer.includes("CODE_INVALID"))).toBe(true);
    expect(known.slice(7).every((answer) => answer.includes("TOO_MANY_TRIES"))).toBe(true);
    expect(await outcomes("nobody at all")).toEqual(known.map((answer) => answer));
    const { token } = await newestMessage(rekey, user);
    const done = { proof: { token }, newPassword: { password: "correct horse battery staple" } };
    expect(await askJson(url, "complete", done)).toEqual({ sessionsEnded: true });
  });
});

test("none of this was a fault", async () => {
  await rekey.recoveries();
  expect(rekey.faults).toEqual([]);
});
