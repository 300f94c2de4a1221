// Does any word leave this process? If the configuration names nothing that would, nothing of it is opened or even loaded.

import type { KeyRing } from "../codes/key-ring.ts";
import type { Configuration, RealmConfiguration } from "../config/configuration.ts";
import type { Courier, Inbox } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import type { Attempt, Outbox } from "../delivery/outbox/outbox.ts";
import type { WebhookForms } from "../delivery/webhook/webhook-form.ts";
import type { ExchangeHandler } from "../edge/http/exchange.ts";
import type { Realm } from "../reset/realm.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../units.ts";
import type { Stores } from "./open-stores.ts";
import type { Watch } from "./open-watch.ts";
import { takesRecovery } from "./takes-recovery.ts";

export type DeliveryParts = {
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
  /** Only where messages are captured instead of sent. */
  readonly inbox?: Inbox;
  /** Absent: no realm has an endpoint. */
  readonly announcer?: Announcer;
  /** Absent: nothing is brought anywhere. */
  readonly outbox?: Outbox;
  /** What keeps the requests of strangers until their turn comes. Absent: strangers may ask in no realm. */
  readonly queue?: Pick<Outbox, "put">;
  /** Begins to bring what waits; requests of strangers by `recover`. Once, before the first call. */
  start(recover: Attempt | undefined): void;
  /** Where a developer reads what was captured. */
  readonly pages: ReadonlyMap<string, ExchangeHandler>;
  readonly resources: readonly { close(): void | Promise<void> }[];
};

/** The realms of the configuration, and the demo's own. */
export type DeliveringRealm = Pick<Realm, "id" | "defaultLanguage" | "recovery"> &
  Pick<RealmConfiguration, "sender" | "webhooks" | "keygen" | "loginRadius">;

export type DeliveryNeeds = {
  readonly configuration: Pick<Configuration, "mode" | "delivery" | "redis" | "shutdownGraceMs">;
  readonly realms: readonly DeliveringRealm[];
  readonly stores: Pick<Stores, "database" | "redis" | "directory">;
  readonly keyRing: KeyRing;
  /** How vendors' endpoints are told. */
  readonly forms: WebhookForms;
  readonly watch: Pick<Watch, "outbox">;
  readonly clock: Clock;
  readonly log: Log;
};

export async function openDelivery(needs: DeliveryNeeds): Promise<DeliveryParts> {
  const { configuration, realms } = needs;
  const { smtp, sms, templatesDir } = configuration.delivery;
  // Templates of an operator are checked at start, whether or not they are used yet.
  const isNeeded =
    configuration.mode === "demo" ||
    [...smtp, ...sms].length > 0 ||
    templatesDir !== undefined ||
    realms.some((realm) => realm.webhooks.length > 0 || takesRecovery(realm));
  if (!isNeeded) return { pages: new Map(), start: () => undefined, resources: [] };
  const { openOutgoing } = await import("./open-outgoing.ts");
  return await openOutgoing(needs);
}
