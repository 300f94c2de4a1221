// What of the vendor's API is served? Its three password calls, each with the account in the path and without.

import type { IdentifyCaller } from "../../reset/api-key.ts";
import type { AuditEvent } from "../../telemetry/audit.ts";
import type { Clock } from "../../units.ts";
import type { PlainEdge } from "../http/serve-plain.ts";
import { type Account, makeFindAccount } from "./account.ts";
import { makeFinish } from "./answer.ts";
import { keygenRequestHeaders } from "./call-headers.ts";
import { makeControlled } from "./controlled.ts";
import { makeAuthenticate } from "./credentials.ts";
import { type KeygenActs, type KeygenHandlers, keygenHandlers } from "./handlers.ts";
import { keygenWords } from "./words.ts";

const calls: readonly { readonly path: string; readonly name: keyof KeygenHandlers; readonly event: AuditEvent }[] = [
  { path: "/passwords", name: "forgotPassword", event: "recovery.started" },
  { path: "/users/{id}/actions/reset-password", name: "resetPassword", event: "password.set_with_code" },
  { path: "/users/{id}/actions/update-password", name: "updatePassword", event: "password.set_with_current" },
];

/** Vendor: Keygen takes a trailing slash. */
const forms = ["/v1", "/v1/accounts/{account}"].flatMap((prefix) => [
  (path: string) => prefix + path,
  (path: string) => `${prefix}${path}/`,
]);

export function keygenEdge(deps: {
  readonly accounts: readonly Account[];
  readonly acts: KeygenActs;
  readonly identify: IdentifyCaller;
  readonly clock: Clock;
}): PlainEdge {
  const { accounts, acts, identify, clock } = deps;
  const findAccount = makeFindAccount(accounts);
  const mode = accounts.length === 1 ? "singleplayer" : "multiplayer";
  const finish = makeFinish({ findAccount, mode, clock });
  const controlled = makeControlled({ findAccount, finish });
  const handlers = keygenHandlers(acts, makeAuthenticate(identify));
  return {
    routes: calls.flatMap(({ path, name, event }) =>
      forms.map((form) => ({ method: "POST", path: form(path), event, handler: controlled(handlers[name]) })),
    ),
    words: keygenWords({ finish, clock }),
    requestHeaders: keygenRequestHeaders,
  };
}
