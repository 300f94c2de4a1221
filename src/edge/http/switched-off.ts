// Does the caller's realm speak this dialect? Where it does not, the edge is not there: the caller hears what an unknown
// service or path is answered.

import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";

import type { Realm } from "../../reset/realm.ts";
import { notServedKey } from "./call-values.ts";
import { notServed } from "./unknown-rpc.ts";

/** For gates, once they know the caller. `dialect` is its name. */
export function refuseSwitchedOff(
  { protocolName, values }: Pick<HandlerContext, "protocolName" | "values">,
  { switchedOff }: Pick<Realm, "switchedOff">,
  dialect: string,
): void {
  if (switchedOff === undefined || !switchedOff.has(dialect)) return;
  if (protocolName === "rest") throw new ConnectError("Not Found", Code.NotFound);
  values.set(notServedKey, true);
  throw new ConnectError(notServed, Code.Unimplemented);
}
