// Who races? Many connections to one Redis, or many processes on one file; both are given calls to make at once.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type {
  CheckOutcome,
  ClaimOutcome,
  ClaimRequest,
  CodeStore,
  IssueOutcome,
  IssueRequest,
  PresentRequest,
  VetoOutcome,
  VetoRequest,
} from "../../src/codes/code-store.ts";
import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openRedis } from "../../src/redis/connection.ts";
import { startRedis } from "../support/start-redis.ts";

export type Call =
  | { readonly kind: "issue"; readonly request: IssueRequest }
  | { readonly kind: "check"; readonly request: PresentRequest }
  | { readonly kind: "claim"; readonly request: ClaimRequest }
  | { readonly kind: "veto"; readonly request: VetoRequest };

export type Outcome = IssueOutcome | CheckOutcome | ClaimOutcome | ({ readonly kind: "vetoed" } & VetoOutcome);

export type Racers = {
  /** Deals the calls out to all racers, who make them at the same time. */
  race(calls: readonly Call[]): Promise<Outcome[]>;
  close(): Promise<void>;
};

type Racer = (calls: readonly Call[]) => Promise<Outcome[]>;

export function callAll(store: CodeStore, calls: readonly Call[]): Promise<Outcome[]> {
  return Promise.all(
    calls.map(async (call): Promise<Outcome> => {
      switch (call.kind) {
        case "issue":
          return await store.issue(call.request);
        case "check":
          return await store.check(call.request);
        case "claim":
          return await store.claim(call.request);
        case "veto":
          return { kind: "vetoed", ...(await store.veto(call.request)) };
      }
    }),
  );
}

async function raceOf(racers: readonly Racer[], calls: readonly Call[]): Promise<Outcome[]> {
  const dealt = racers.map((_, at) => calls.filter((_call, i) => i % racers.length === at));
  return (await Promise.all(racers.map((racer, at) => racer(dealt[at] ?? [])))).flat();
}

export async function openRedisRacers(connections: number): Promise<Racers> {
  const server = await startRedis();
  const opened = await Promise.all(Array.from({ length: connections }, () => openRedis({ url: server.url })));
  const racers = await Promise.all(
    opened.map(async (redis): Promise<Racer> => {
      const store = await openCodeStore({ kind: "redis", redis });
      return (calls) => callAll(store, calls);
    }),
  );
  return {
    race: (calls) => raceOf(racers, calls),
    async close() {
      await Promise.all(opened.map((redis) => redis.close()));
      await server.stop();
    },
  };
}

export async function openFileRacers(processes: number): Promise<Racers> {
  const directory = await mkdtemp(join(tmpdir(), "rekey-race-"));
  const path = join(directory, "rekey.db");
  const opened = await Promise.all(Array.from({ length: processes }, () => startRaceProcess(path)));
  return {
    race: (calls) =>
      raceOf(
        opened.map(({ racer }) => racer),
        calls,
      ),
    async close() {
      await Promise.all(opened.map(({ end }) => end()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startRaceProcess(path: string) {
  const program = fileURLToPath(new URL("race-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program, path], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = await lines.next();
  if (ready.value !== "ready") throw new Error("a racing process ended before the race");
  const racer: Racer = async (calls) => {
    child.stdin.write(`${JSON.stringify(calls)}\n`);
    const answer = await lines.next();
    if (answer.done) throw new Error("a racing process ended in the race");
    return JSON.parse(answer.value) as Outcome[];
  };
  async function end(): Promise<void> {
    const gone = once(child, "exit");
    child.stdin.end();
    await gone;
  }
  return { racer, end };
}
