// How does a test, or a process of a test, get the acts over real stores? One realm, one caller who may do everything.

import { createSecretKey } from "node:crypto";

import type { CodeShape, ShapeName } from "../../src/codes/code.ts";
import { defaultShapes } from "../../src/codes/code.ts";
import { type Acts, makeActs } from "../../src/compose/make-acts.ts";
import type { Stores } from "../../src/compose/open-stores.ts";
import { nativeDialect } from "../../src/edge/native/dialect.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import { openThreadHasher } from "../../src/password/thread-hasher.ts";
import type { Call } from "../../src/reset/caller.ts";
import { permissions } from "../../src/reset/permission.ts";
import { demoLimits } from "../../src/throttle/limits.ts";
import type { Clock } from "../../src/units.ts";

/** The same in every process of a test, so that each can redeem what another has issued. */
const keyRing = {
  names: createSecretKey(Buffer.alloc(32, 1)),
  codes: [{ id: 1, key: createSecretKey(Buffer.alloc(32, 2)) }],
} as const;

export const realmId = "acme";
export const dialect = nativeDialect(defaultPolicy);

export const call: Call = {
  caller: {
    id: "tester",
    realm: {
      id: realmId,
      defaultLanguage: "en",
      organizations: ["acme"],
      shapes: defaultShapes satisfies Record<ShapeName, CodeShape>,
      limits: demoLimits,
      notices: false,
      endSessions: true,
      links: { hosts: [] },
    },
    permissions: new Set(permissions),
  },
  address: "127.0.0.1",
  requestId: "test",
};

/** The cheapest hashing that is allowed. */
export function resetActs(
  stores: Pick<Stores, "codes" | "throttle" | "directory">,
  clock: Clock,
): { readonly acts: Acts; close(): Promise<void> } {
  const hasher = openThreadHasher({ memoryKib: 19_456, passes: 2, lanes: 1, threads: 1, waiting: 100 });
  return {
    acts: makeActs({
      stores,
      keyRing,
      hasher,
      clock,
      dialects: [dialect],
      onFault(cause) {
        throw cause;
      },
    }),
    close: async () => await hasher.close(),
  };
}
