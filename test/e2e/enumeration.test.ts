// Can a stranger tell who has an account? Not by status, bytes, headers or time of any answer; and a service that gives
// it away is caught by the same look. Guard: ASVS 5.0 6.3.8; Incident: C7, C9, C10, C30.
//
// Wrong alarms: 50 comparisons of times in a run, each with a chance of at most 1e-6: one run in 20,000.
// Missed leaks: noise hides what is smaller than itself. On two cores that others kept busy, 2,000 and 500 calls showed one
// more round trip to Redis, 0.3 ms, as an advantage of 0.28, where chance alone reaches 0.13; it is not relied on below,
// as a still busier machine may hide it.

import { describe, expect, test } from "vitest";

import { alteredService, type Alteration } from "../support/altered-service.ts";
import { advantage, advantageByChance } from "../support/attacker-advantage.ts";
import { eventually } from "../support/eventually.ts";
import {
  type Asked,
  askForAll,
  crowd,
  endsIn,
  otherKinds,
  people,
  type Person,
  type Scene,
  setScene,
  startFor,
} from "../support/recovery-crowd.ts";
import { type SmtpReply, startSmtpServer } from "../support/start-smtp-server.ts";
import type { TimedAnswer } from "../support/timed-calls.ts";

/** Alone on two cores all of it takes a minute. */
const patienceMs = 300_000;

type Circumstances = {
  readonly store?: "Redis" | "a file";
  readonly mailer?: SmtpReply;
  readonly alteration?: Alteration;
};

describe("whom a stranger asks for makes no difference", () => {
  test.each<Circumstances & { name: string; others?: number }>([
    { name: "while the mailer is slow", mailer: "slow" },
    { name: "while the mailer never answers", mailer: "hang" },
    { name: "while the mailer fails", mailer: "drop" },
    { name: "while the directory is slow", alteration: "slow directory" },
    // Each write waits for the disk.
    { name: "with everything in one file", store: "a file", others: 125 },
  ])(
    "$name",
    async ({ others = 250, ...circumstances }) => {
      const among = crowd(others);
      const scene = await openScene(among, circumstances);
      expect(whatTells(await start(scene, among))).toEqual([]);
    },
    patienceMs,
  );

  test(
    "2 × 2,000 times; nor does it for a wrong code, with what was answered",
    async () => {
      const among = crowd(500);
      const scene = await openScene(among);
      const asked = await start(scene, among);
      expect(whatTells(asked)).toEqual([]);

      // Those who were asked for are who they are said to be.
      const ends = await endsOf(scene, among);
      const reasons = { user_unknown: 500, channel_unavailable: 500, rate_limited: 500, user_not_ready: 166 };
      for (const [reason, count] of Object.entries(reasons)) {
        expect(ends.filter((end) => end === reason)).toHaveLength(count);
      }
      const half = asked.filter((_, at) => at % 2 === 0);
      expect(whatTells(await guess(scene, half, "check"))).toEqual([]);
      expect(whatTells(await guess(scene, half, "complete"))).toEqual([]);
    },
    patienceMs,
  );
});

describe("what gives it away is noticed:", () => {
  const enough = [...people("known", 1000), ...people("unknown", 1000)];
  const few = [...people("known", 30), ...people("unknown", 30)];

  test.each<{ alteration: Alteration; among: readonly Person[]; tells: string }>([
    { alteration: "longer id", among: few, tells: "unknown: bytes" },
    { alteration: "one more header", among: few, tells: "unknown: bytes" },
    { alteration: "work before the answer", among: enough, tells: "unknown: time" },
  ])(
    "$alteration",
    async ({ alteration, among, tells }) => {
      const scene = await openScene(among, { alteration });
      expect(whatTells(await start(scene, among))).toEqual([tells]);
    },
    patienceMs,
  );

  test(
    "a hash for a wrong code",
    async () => {
      const scene = await openScene(few, { alteration: "hash for a wrong code" });
      const asked = await start(scene, few);
      await endsOf(scene, few);
      expect(whatTells(await guess(scene, asked, "complete"))).toEqual(["unknown: time"]);
    },
    patienceMs,
  );
});

async function openScene(
  among: readonly Person[],
  { store = "Redis", mailer, alteration }: Circumstances = {},
): Promise<Scene> {
  const { port: smtpPort } = await startSmtpServer({
    security: "none",
    onConnect: () => (mailer === "drop" ? mailer : undefined),
    onMail: () => mailer,
  });
  return await setScene({ among, store, smtpPort, ...(alteration && { program: alteredService(alteration) }) });
}

/** One after the other: nothing is as quiet to measure. */
async function start({ lanes }: Scene, among: readonly Person[]): Promise<readonly Asked[]> {
  return await askForAll(lanes.slice(0, 1), 1, async (call, { name }) => await startFor(call, name), among);
}

/** With a wrong code, and a good password, so that nothing else is wrong. */
async function guess({ lanes }: Scene, asked: readonly Asked[], step: "check" | "complete"): Promise<readonly Asked[]> {
  const recoveryIds = new Map(asked.map(({ name, answer }) => [name, recoveryIdIn(answer)]));
  const guessOne = async (call: (typeof lanes)[number], { name }: Person) => {
    const proof = { code: { recoveryId: recoveryIds.get(name), verificationCode: "0000-0000" } };
    const newPassword = step === "complete" ? { password: "correct horse battery staple" } : undefined;
    return await call(`/v1/recovery/${step}`, { proof, newPassword });
  };
  return await askForAll(lanes, 2, guessOne, asked);
}

function recoveryIdIn({ body }: TimedAnswer): string {
  return (JSON.parse(body) as { recoveryId: string }).recoveryId;
}

/** Why there was no message, once all requests were looked into. */
async function endsOf({ service }: Scene, among: readonly Person[]): Promise<readonly string[]> {
  const limited = among.filter(({ kind }) => kind === "limited").length;
  await eventually(() => endsIn(service).length === limited + among.length);
  return endsIn(service).slice(limited);
}

/** What distinguishes which kind from the known; nothing, where a stranger learns nothing. */
function whatTells(asked: readonly Asked[]): readonly string[] {
  const answersOf = (wanted: string) => asked.filter(({ kind }) => kind === wanted).map(({ answer }) => answer);
  const known = answersOf("known");
  // The noise of this very run: known people against known people.
  const isEven = (_: unknown, at: number) => at % 2 === 0;
  const [some, others] = [known.filter(isEven), known.filter((one, at) => !isEven(one, at))];
  const noise = advantage(timesOf(some), timesOf(others));
  if (noise > advantageByChance(some.length, others.length)) return ["the known differ: nothing is measured"];
  return otherKinds.flatMap((kind) => {
    const answers = answersOf(kind);
    if (answers.length === 0) return [];
    const byChance = Math.max(advantageByChance(known.length, answers.length), 2 * noise);
    return [
      ...(formsOf(answers) === formsOf(known) ? [] : [`${kind}: bytes`]),
      ...(advantage(timesOf(known), timesOf(answers)) > byChance ? [`${kind}: time`] : []),
    ];
  });
}

function timesOf(answers: readonly TimedAnswer[]): readonly number[] {
  return answers.map(({ milliseconds }) => milliseconds);
}

/** All forms that the answers have, but for what chance and the clock put into them. */
function formsOf(answers: readonly TimedAnswer[]): string {
  const forms = answers.map(({ status, heads, body }) => {
    const text = body
      .replace(/"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"/, "(number)")
      .replace(/"([A-Za-z0-9_-]{100,})"/, (_, id: string) => `(id of ${id.length})`)
      // A whole second is written without its thousandths.
      .replace(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z"/, "(moment)");
    const isAsLongAsSaid = heads.includes(`content-length: ${body.length}`);
    const others = heads.filter((head) => !head.startsWith("content-length:"));
    return [status, isAsLongAsSaid, ...others, text].join("\n");
  });
  return [...new Set(forms)].toSorted().join("\n\n");
}
