// What may be done about deliveries? See what became of them, send dead ones again, drop them.

import type { DeliveryRecord, Outbox } from "../delivery/outbox/outbox.ts";
import { type Call, requirePermission } from "./caller.ts";
import type { Dialect } from "./dialect.ts";
import { Refusal } from "./refusal.ts";
import { readRemakeNote } from "./remake-note.ts";
import type { RequestReset } from "./request-reset.ts";

/** The new delivery, and the number that its message shares with the log. */
export type Resent = { readonly id: string; readonly requestNumber: string };

export type ManageDeliveries = {
  get(call: Call, id: string): Promise<DeliveryRecord>;

  /** The newest first. */
  list(call: Call, filter: Omit<Parameters<Outbox["list"]>[0], "realmId">): Promise<readonly DeliveryRecord[]>;

  /** Makes a dead reset message anew, with a fresh code. The dead one is forgotten. */
  resend(call: Call, id: string): Promise<Resent>;

  drop(call: Call, id: string): Promise<void>;
};

export function makeManageDeliveries(deps: {
  readonly outbox: Pick<Outbox, "find" | "list" | "drop">;
  readonly requestReset: RequestReset;
  /** Which dialect a note names. */
  readonly dialectOf: (name: string) => Dialect | undefined;
}): ManageDeliveries {
  const { outbox, requestReset, dialectOf } = deps;

  async function known(call: Call, id: string): Promise<DeliveryRecord> {
    const record = await outbox.find(call.caller.realm.id, id);
    // What a stranger has asked for is no delivery yet, and names nobody.
    if (record === undefined || record.target.kind === "recovery") throw new Refusal({ reason: "delivery_unknown" });
    return record;
  }

  return {
    async get(call, id) {
      requirePermission(call, "deliveries.read");
      return await known(call, id);
    },

    async list(call, filter) {
      requirePermission(call, "deliveries.read");
      return await outbox.list({ realmId: call.caller.realm.id, ...filter });
    },

    async resend(call, id) {
      requirePermission(call, "deliveries.write");
      const record = await known(call, id);
      const note = record.state === "dead" ? readRemakeNote(record.remake) : undefined;
      const dialect = note && dialectOf(note.dialect);
      if (note === undefined || dialect === undefined) throw new Refusal({ reason: "delivery_not_resendable" });
      const medium = { kind: "send_link" as const, ...note.sendLink };
      const { messageId, requestNumber } = await requestReset(call, { userId: record.userId, medium, dialect });
      // The user's address is gone, and the dialect keeps silent about it.
      if (messageId === undefined) throw new Refusal({ reason: "delivery_not_resendable" });
      await outbox.drop(call.caller.realm.id, id);
      return { id: messageId, requestNumber };
    },

    async drop(call, id) {
      requirePermission(call, "deliveries.write");
      await known(call, id);
      const outcome = await outbox.drop(call.caller.realm.id, id);
      if (outcome === "unknown") throw new Refusal({ reason: "delivery_unknown" });
      if (outcome === "under_way") throw new Refusal({ reason: "conflict" });
    },
  };
}
