// Who may read the messages that the demo captures?

import type { Inbox, CapturedMessage } from "../delivery/courier.ts";
import { type Call, requirePermission } from "./caller.ts";

export type ReadInbox = (
  call: Call,
  request: { readonly userId?: string; readonly size: number },
) => Promise<readonly CapturedMessage[]>;

export function makeReadInbox(inbox: Inbox): ReadInbox {
  return async (call, { userId, size }) => {
    requirePermission(call, "inbox.read");
    return await inbox.list({ realmId: call.caller.realm.id, size, ...(userId === undefined ? {} : { userId }) });
  };
}
