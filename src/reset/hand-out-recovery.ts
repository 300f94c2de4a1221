// What does a trusted application get that asks on behalf of somebody? A token or a code of its own to hand on, mailed besides
// if it wants.

import type { Courier } from "../delivery/courier.ts";
import { makeRequestNumber } from "../delivery/request-number.ts";
import type { Directory } from "../directory/directory.ts";
import { type Call, requirePermission } from "./caller.ts";
import { identifiedUser } from "./identified-user.ts";
import type { IssuedRecovery, IssueRecovery } from "./issue-recovery.ts";
import { readyUser } from "./ready-user.ts";
import { recoveryPage } from "./recovery-message.ts";
import type { RecoveryWish } from "./recovery-work.ts";
import { Refusal } from "./refusal.ts";
import { verifiedAddress } from "./verified-address.ts";

export type HandOutRecovery = (
  call: Call,
  request: {
    /** A user name, a verified address or a verified number. */
    readonly identifier: string;
    readonly isMailed: boolean;
    readonly wish: RecoveryWish;
  },
) => Promise<
  Omit<Extract<IssuedRecovery, { readonly kind: "issued" }>, "kind"> & {
    readonly userId: string;
    readonly requestNumber: string;
  }
>;

export function makeHandOutRecovery(deps: {
  readonly directory: Pick<Directory, "findByIdentifier">;
  readonly issue: IssueRecovery;
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
}): HandOutRecovery {
  const { directory, issue, courier } = deps;

  return async function handOutRecovery(call, { identifier, isMailed, wish }) {
    requirePermission(call, "password.return_code");
    const { realm } = call.caller;
    if (isMailed) refuseUnsendable(call, wish);
    const user = readyUser(await identifiedUser(directory, realm.id, identifier));
    const recipient = isMailed ? verifiedAddress(user, "email") : undefined;
    if (isMailed && recipient === undefined) throw new Refusal({ reason: "channel_unavailable", channel: "email" });

    const requestNumber = makeRequestNumber();
    const issued = await issue(call, {
      user,
      asked: { language: "", state: "", requestNumber, address: call.address, wish },
      ...(recipient !== undefined && { to: { channel: "email", recipient } }),
    });
    switch (issued.kind) {
      case "blocked":
        throw new Refusal({ reason: "recovery_blocked", retryAfterMs: issued.retryAfterMs });
      case "limited":
        throw new Refusal({ reason: "rate_limited", limit: issued.limit, retryAfterMs: issued.retryAfterMs });
      case "full":
        throw new Refusal({ reason: "overloaded", retryAfterMs: issued.retryAfterMs });
      case "issued":
        return { ...issued, userId: user.id, requestNumber };
    }
  };

  /** Before anybody is looked up. */
  function refuseUnsendable(call: Call, wish: RecoveryWish): void {
    requirePermission(call, "password.send_link");
    const { realm } = call.caller;
    if (courier?.brings(realm.id, "email") !== true) throw new Refusal({ reason: "delivery_off", channel: "email" });
    if (wish.tokenShape !== undefined && recoveryPage(realm, wish) === undefined) {
      throw new Refusal({ reason: "url_template_missing" });
    }
  }
}
