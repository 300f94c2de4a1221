// What does it cost a call to be counted? What metrics add to the hot call, by itself, in nanoseconds: node bench/count-cost.ts

import type { CodeStore } from "../src/codes/code-store.ts";
import { callValues, protocolKey } from "../src/edge/http/call-values.ts";
import { callerKey } from "../src/edge/http/caller-value.ts";
import type { CallEnd, CallObserver } from "../src/edge/http/observe-calls.ts";
import { countCalls } from "../src/metrics/count-calls.ts";
import { countCodes } from "../src/metrics/count-codes.ts";
import { makeMeter } from "../src/metrics/meter.ts";
import type { Throttle } from "../src/throttle/throttle.ts";
import { makeRealm } from "../test/support/open-rekey.ts";

const calls = 1_000_000;
const rounds = 5;

const meter = makeMeter();
const silent: CallObserver = { ended: () => undefined, fault: () => undefined };
const counted = countCalls(silent, meter);
const issued = Promise.resolve({ kind: "issued", sequence: 1 } as const);
const store = { issue: async () => await issued } as unknown as CodeStore;
const { codes: countedStore } = countCodes({ codes: store, throttle: {} as Throttle }, meter);

const caller = { id: "bench", realm: makeRealm(), permissions: new Set<never>() };
const values = callValues({ address: "127.0.0.1", host: "localhost", requestId: "1" })
  .set(callerKey, caller)
  .set(protocolKey, "grpc");
const end: CallEnd = { event: "password_reset.returned", outcome: "done", values };
const request = { realmId: caller.realm.id } as Parameters<CodeStore["issue"]>[0];

async function nanoseconds(work: () => unknown): Promise<number> {
  const begunAt = performance.now();
  for (let call = 0; call < calls; call += 1) await work();
  return ((performance.now() - begunAt) * 1e6) / calls;
}

for (let round = 0; round < rounds; round += 1) {
  const ended = (await nanoseconds(() => counted.ended(end))) - (await nanoseconds(() => silent.ended(end)));
  const made = (await nanoseconds(() => countedStore.issue(request))) - (await nanoseconds(() => store.issue(request)));
  process.stdout.write(`the end of a call ${ended.toFixed(0)} ns, a code ${made.toFixed(0)} ns\n`);
}
process.exit();
