// Who asks, in a test of what a stranger can tell? Many people of each kind, in an order drawn by lot, and the times and
// bytes of what each was answered.

import { join } from "node:path";

import type { UserProfile } from "../../src/directory/directory.ts";
import { openDirectory } from "../../src/directory/open-directory.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { eventually } from "./eventually.ts";
import { type Production, type ProductionSetup, startProduction } from "./start-production.ts";
import { openTimedCalls, type TimedAnswer, type TimedCalls } from "./timed-calls.ts";

export const otherKinds = ["unknown", "without an address", "disabled", "limited"] as const;
const kinds = ["known", ...otherKinds] as const;
type Kind = (typeof kinds)[number];

/** A name, and an address for those who have one: all names are of one length. */
export type Person = { readonly kind: Kind; readonly name: string; readonly address: string };
export type Asked = Person & { readonly answer: TimedAnswer };

/** So many of each kind but the known; and as many known people as all others together. */
export function crowd(others: number): readonly Person[] {
  return [...people("known", otherKinds.length * others), ...otherKinds.flatMap((kind) => people(kind, others))];
}

/** One message for everybody, so that few calls make many people limited; no other limit ends what is measured. */
const wide = { max: 60_000, window: "1h" };
const limits = {
  send_message: { account: { max: 1, window: "1h" } },
  start_recovery: { identifier: { max: 5, window: "1h" }, address: wide, realm: wide },
  present_code: { address: "off" },
  present_recovery: { identifier: { max: 30, window: "1h" }, address: wide },
};

/** `lanes`: connections, each for one call at a time. */
export type Scene = { readonly service: Production; readonly lanes: readonly TimedCalls[] };

/** A service with these people in it, those limited who are to be. */
export async function setScene(
  setup: ProductionSetup & { readonly smtpPort: number; readonly among: readonly Person[] },
): Promise<Scene> {
  const smtp = [{ name: "mail", host: "127.0.0.1", port: setup.smtpPort, security: "none" }];
  const service = await startProduction({
    isForgetful: true,
    ...setup,
    delivery: { smtp, concurrency: 50 },
    acme: {
      limits,
      recovery: {
        enabled: true,
        link: "https://app.example.com/recover#token={{.Token}}",
        // They all ask from one address.
        bot_check: { proof_of_work: { mode: "off" } },
      },
    },
  });
  await settle(setup.among, service.dataDir);
  const lanes = await Promise.all(Array.from({ length: 20 }, async () => await openTimedCalls(service.address)));
  // By their other name, so that the measured call is the first by its own for everybody. It also warms the service up.
  const limited = setup.among.filter(({ kind }) => kind === "limited");
  await askForAll(lanes, 0, async (call, { address }) => await startFor(call, address), limited);
  await eventually(() => endsIn(service).length === limited.length);
  return { service, lanes };
}

export async function startFor(call: TimedCalls, identifier: string): Promise<TimedAnswer> {
  return await call("/v1/recovery", { realmId: "acme", identifier, state: "/basket" });
}

/** Why there was no message, for each request that was looked into so far; empty where there was one. */
export function endsIn(service: Production): readonly string[] {
  const lines = service.output().split("\n");
  const ends = lines.filter((line) => line.includes('"recovery.performed"') && line.endsWith("}"));
  return ends.map((line) => (JSON.parse(line) as { reason?: string }).reason ?? "");
}

/** Asks once for each person, in an order that the seed draws, on all lanes at once. */
export async function askForAll(
  lanes: readonly TimedCalls[],
  seed: number,
  ask: (call: TimedCalls, person: Person) => Promise<TimedAnswer>,
  among: readonly Person[],
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const line = shuffled(among, seed).values();
  await Promise.all(
    lanes.map(async (call) => {
      // One line for all lanes: whoever is free takes the next.
      for (const person of line) asked.push({ ...person, answer: await ask(call, person) });
    }),
  );
  return asked;
}

export function people(kind: Kind, count: number): Person[] {
  const mark = "abcde".charAt(kinds.indexOf(kind));
  return Array.from({ length: count }, (_, at) => {
    const name = `${mark}${String(at).padStart(5, "0")}`;
    return { kind, name: `${name}@names.example`, address: `${name}@people.example` };
  });
}

/** Writes them straight into the file: by calls it would take longer than all that is measured. */
async function settle(among: readonly Person[], dataDir: string): Promise<void> {
  const database = openDatabase(join(dataDir, "rekey.db"));
  database.sqlite.exec("PRAGMA synchronous = OFF");
  const directory = await openDirectory({ kind: "embedded", database });
  const disabled = ["inactive", "locked", "initial"] as const;
  for (const [at, { kind, name, address }] of among.entries()) {
    if (kind === "unknown") continue;
    const profile: UserProfile = {
      organizationId: "acme",
      userName: name,
      displayName: "Ann",
      email: { address, verified: kind !== "without an address" },
      preferredLanguage: "",
      state: kind === "disabled" ? (disabled[at % 3] ?? "locked") : "active",
    };
    await directory.create({ ...profile, id: name, realmId: "acme", now: Date.now() });
  }
  database.close();
}

/** Fisher and Yates, with mulberry32 as the dice: the same order for the same seed. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  const order = [...all];
  let state = seed;
  const dice = (sides: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = dice(at + 1);
    [order[at], order[other]] = [order[other] as T, order[at] as T];
  }
  return order;
}
