// What link lets a person say "it was not me"? A sealed one of its own kind, in mails about their password.

import type { Channel } from "../delivery/courier.ts";
import { hour, type Instant, type Milliseconds } from "../units.ts";
import { parseLinkTemplate, recoveryLinkNames, renderLink } from "./link.ts";
import type { Realm } from "./realm.ts";
import type { RecoveryContainers, RecoveryVeto } from "./recovery-containers.ts";

/** Whoever was away for a long week-end can still say it. */
export const vetoLinkLivesFor: Milliseconds = 72 * hour;

/** The link for a message over `channel`; empty where there is none. */
export type VetoLink = (
  realm: Realm,
  about: Pick<RecoveryVeto, "userId" | "requestNumber" | "vetoed"> & {
    readonly channel: Channel;
    readonly now: Instant;
  },
) => string;

export function makeVetoLink(containers: Pick<RecoveryContainers, "sealVeto">): VetoLink {
  return function vetoLink(realm, { channel, now, userId, requestNumber, vetoed }) {
    const { recovery, links } = realm;
    // A text message has no room: the link alone would take two more, and each is paid for.
    if (recovery?.veto === undefined || channel === "sms") return "";
    const hosts = [...links.hosts, ...recovery.hosts];
    const page = parseLinkTemplate(recovery.veto.link, { names: recoveryLinkNames, codeRequired: false, hosts });
    const times = { issuedAt: now, expiresAt: now + vetoLinkLivesFor };
    const token = containers.sealVeto({ realmId: realm.id, userId, requestNumber, vetoed, ...times });
    return renderLink(page, { Token: token, RequestNumber: requestNumber });
  };
}
