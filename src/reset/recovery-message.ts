// What does the message of a recovery say, and by which way does it go? A link and a code, to one verified address.

import { randomUUID } from "node:crypto";

import type { Channel, OutgoingMessage } from "../delivery/courier.ts";
import type { User } from "../directory/directory.ts";
import { canonicalPhone } from "../directory/identifier.ts";
import type { Instant } from "../units.ts";
import { parseLinkTemplate, recoveryLinkNames, renderLink } from "./link.ts";
import type { Realm } from "./realm.ts";
import type { RecoveryWork } from "./recovery-work.ts";

/** The one that was asked for. Else: who typed their number wants a text message, who typed anything else a mail. */
export function recoveryChannel({ channel, identifier }: RecoveryWork, { phone }: User): Channel {
  if (channel !== undefined) return channel;
  return phone !== undefined && canonicalPhone(identifier) === phone.number ? "sms" : "email";
}

/** The directory's, if its owner has proven it. Guard: ASVS 5.0 6.6.1; NIST SP 800-63B-4 4.2.1.2. */
export function verifiedAddress({ email, phone }: User, channel: Channel): string | undefined {
  if (channel === "email") return email?.verified === true ? email.address : undefined;
  return phone?.verified === true ? phone.number : undefined;
}

export function recoveryMessage(of: {
  readonly realm: Realm;
  readonly work: RecoveryWork;
  readonly user: User;
  readonly channel: Channel;
  readonly recipient: string;
  readonly token: string;
  readonly code: string;
  /** Empty where there is none. */
  readonly vetoLink: string;
  readonly now: Instant;
  readonly expiresAt: Instant;
}): OutgoingMessage {
  const { realm, work, user, channel, recipient, token, code, vetoLink, now, expiresAt } = of;
  const rules = { names: recoveryLinkNames, codeRequired: false, hosts: realm.links.hosts };
  const page = parseLinkTemplate(realm.recovery?.link ?? "", rules);
  return {
    id: randomUUID(),
    realmId: realm.id,
    userId: user.id,
    channel,
    recipient,
    template: "password_reset",
    language: work.language || user.preferredLanguage || realm.defaultLanguage,
    requestNumber: work.requestNumber,
    values: {
      displayName: user.displayName,
      loginName: user.userName,
      link: renderLink(page, { Token: token, RequestNumber: work.requestNumber }),
      code,
      secret: code,
      vetoLink,
      fromAddress: work.address,
    },
    createdAt: now,
    expiresAt,
  };
}
