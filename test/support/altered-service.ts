// Which service gives something away, or has a slow directory? The real one, altered in one place, for tests that have
// to notice the former and not the latter.

import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

import { type Acts, makeActs } from "../../src/compose/make-acts.ts";
import { openService } from "../../src/compose/open-service.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { formatProblems } from "../../src/config/problem.ts";
import type { Attempt } from "../../src/delivery/outbox/outbox.ts";
import { makeAudit } from "../../src/telemetry/audit.ts";
import { openLog } from "../../src/telemetry/log.ts";

type Parts = Parameters<typeof makeActs>[0];
type Alter = (parts: Parts) => Acts;

const alterations = {
  /** No leak: every look-up takes twenty milliseconds, whoever is looked for. */
  "slow directory": (parts) => {
    const { directory } = parts.stores;
    const slow: Parts["stores"]["directory"] = {
      ...directory,
      find: async (...whom) => await pause(20).then(async () => await directory.find(...whom)),
      findByIdentifier: async (...whom) => await pause(20).then(async () => await directory.findByIdentifier(...whom)),
    };
    return makeActs({ ...parts, stores: { ...parts.stores, directory: slow } });
  },

  /** User, code and message before the answer instead of after it. */
  "work before the answer": (parts) => {
    let perform: Attempt | undefined;
    const queue: NonNullable<Parts["recovery"]>["queue"] = {
      async put(delivery) {
        await perform?.(delivery, 0, new AbortController().signal);
        return { kind: "accepted" };
      },
    };
    const acts = makeActs({ ...parts, ...(parts.recovery && { recovery: { ...parts.recovery, queue } }) });
    perform = acts.recovery?.perform;
    return acts;
  },

  /** Whether there was somebody makes the id longer. */
  "longer id": (parts) =>
    alterStart(parts, async (start, isKnown, call, request) =>
      start(call, { ...request, state: (await isKnown()) ? `${request.state}known` : request.state }),
    ),

  "one more header": (parts) => {
    const responses = new AsyncLocalStorage<ServerResponse>();
    subscribe("http.server.request.start", (message) =>
      responses.enterWith((message as { readonly response: ServerResponse }).response),
    );
    return alterStart(parts, async (start, isKnown, call, request) => {
      if (await isKnown()) responses.getStore()?.setHeader("retry-after", "60");
      return await start(call, request);
    });
  },

  /** A wrong code costs a hash, where there is a code. */
  "hash for a wrong code": (parts) => {
    const { codes } = parts.stores;
    const eager: typeof codes = {
      ...codes,
      async claim(request) {
        const outcome = await codes.claim(request);
        if (outcome.kind === "mismatch") await parts.hasher.hash("whatever was sent along");
        return outcome;
      },
    };
    return makeActs({ ...parts, stores: { ...parts.stores, codes: eager } });
  },
} satisfies Readonly<Record<string, Alter>>;

export type Alteration = keyof typeof alterations;

/** For `startProduction`. */
export function alteredService(alteration: Alteration): readonly string[] {
  return [import.meta.filename, alteration];
}

if (process.argv[1] === import.meta.filename) await serve(process.argv[2] as Alteration);

async function serve(alteration: Alteration): Promise<void> {
  const loaded = loadConfiguration({ environment: process.env, readFile: (path) => readFileSync(path, "utf8") });
  if (loaded.kind === "invalid") throw new Error(formatProblems(loaded.problems));
  const log = openLog({ level: "info" });
  const service = await openService(loaded.configuration, { log, audit: makeAudit(log) }, alterations[alteration]);
  log.info({ address: service.address }, "listening");
}

function alterStart(
  parts: Parts,
  alter: (
    start: NonNullable<Acts["recovery"]>["start"],
    isKnown: () => Promise<boolean>,
    ...asked: Parameters<NonNullable<Acts["recovery"]>["start"]>
  ) => ReturnType<NonNullable<Acts["recovery"]>["start"]>,
): Acts {
  const acts = makeActs(parts);
  const { recovery } = acts;
  if (recovery === undefined) throw new Error("the service has no recovery to alter");
  return {
    ...acts,
    recovery: {
      ...recovery,
      start: async (call, request) => {
        const isKnown = async () =>
          (await parts.stores.directory.findByIdentifier(call.caller.realm.id, request.identifier)).length > 0;
        return await alter(recovery.start, isKnown, call, request);
      },
    },
  };
}
