// What do the protections cost? The product's own short way, handler, rules and stores, without what guards a call: no API
// key, limit, deadline, validation, word for errors or audit record.

import { createSecretKey, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { makeActs } from "../../src/compose/make-acts.ts";
import { openStores } from "../../src/compose/open-stores.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { callerKey } from "../../src/edge/http/caller-value.ts";
import { takeUnaryCalls } from "../../src/edge/http/fast/take-unary-calls.ts";
import { openListener } from "../../src/edge/http/listener.ts";
import { serve } from "../../src/edge/http/served.ts";
import { nativeDialect } from "../../src/edge/native/dialect.ts";
import { passwordHandlers } from "../../src/edge/native/password-handlers.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import { openThreadHasher } from "../../src/password/thread-hasher.ts";
import { type LimitTable, productionLimits } from "../../src/throttle/limits.ts";
import { systemClock } from "../../src/units.ts";
import { callerId } from "../scenario.ts";
import { listening } from "./announce.ts";

const loaded = loadConfiguration({ environment: process.env, readFile: (path) => readFileSync(path, "utf8") });
const configuration = loaded.kind === "valid" ? loaded.configuration : undefined;
const [realm] = configuration?.realms ?? [];
if (configuration === undefined || realm === undefined) throw new Error("the configuration of a benchmark is broken");

const makeKey = () => createSecretKey(randomBytes(32));
const onFault = (cause: unknown) => void process.stderr.write(`${String(cause)}\n`);
const native = nativeDialect(defaultPolicy);
const acts = makeActs({
  stores: await openStores(configuration),
  keyRing: { names: makeKey(), codes: [{ id: 1, key: makeKey() }] },
  hasher: openThreadHasher(configuration.passwordHashing),
  dialects: [native],
  onFault,
  clock: systemClock,
});

const limits = Object.fromEntries(Object.keys(productionLimits).map((name) => [name, {}])) as LimitTable;
const caller = { id: callerId, realm: { ...realm, limits }, permissions: new Set(["password.return_code"] as const) };
const served = serve(PasswordService, passwordHandlers(acts, native), {
  gate: ({ values }) => void values.set(callerKey, caller),
});
const onRequest = () => {
  throw new Error("a call of a benchmark did not take the short way");
};
const listener = await openListener({
  host: "127.0.0.1",
  port: 0,
  onRequest,
  takeStream: takeUnaryCalls({ served: [served], onFault, trustedHops: 0, allowedOrigins: [], onRequest }),
});
listening(Number(new URL(listener.address.url).port));
