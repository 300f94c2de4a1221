// What does the message of a recovery say, and by which way does it go? A link and a code, to one verified address.

import { randomUUID } from "node:crypto";

import type { Channel, OutgoingMessage } from "../delivery/courier.ts";
import type { User } from "../directory/directory.ts";
import { canonicalPhone } from "../directory/identifier.ts";
import type { Instant } from "../units.ts";
import { bareTokenLinkNames, type LinkTemplate, parseLinkTemplate, recoveryLinkNames, renderLink } from "./link.ts";
import type { Realm } from "./realm.ts";
import type { RecoveryWish, RecoveryWork } from "./recovery-work.ts";

/** The one that was asked for. Else: who typed their number wants a text message, who typed anything else a mail. */
export function recoveryChannel({ channel, identifier }: RecoveryWork, { phone }: User): Channel {
  if (channel !== undefined) return channel;
  return phone !== undefined && canonicalPhone(identifier) === phone.number ? "sms" : "email";
}

/** The page that a link of the message opens, checked. Undefined where the realm and the wish have none. */
export function recoveryPage(realm: Realm, wish: RecoveryWish | undefined): LinkTemplate | undefined {
  const link = wish?.link ?? realm.recovery?.link;
  if (link === undefined) return undefined;
  const names = wish?.isBare === true ? bareTokenLinkNames : recoveryLinkNames;
  return parseLinkTemplate(link, { names, codeRequired: false, hosts: realm.links.hosts });
}

export function recoveryMessage(of: {
  readonly realm: Realm;
  readonly asked: Pick<RecoveryWork, "language" | "requestNumber" | "address">;
  /** One that the courier has. */
  readonly template: string;
  readonly page: LinkTemplate | undefined;
  readonly user: User;
  readonly channel: Channel;
  readonly recipient: string;
  /** Empty where there is only a code. */
  readonly token: string;
  readonly code: string;
  /** Empty where there is none. */
  readonly vetoLink: string;
  readonly now: Instant;
  readonly expiresAt: Instant;
  readonly codeExpiresAt: Instant;
}): OutgoingMessage {
  const { realm, asked, template, page, user, channel, recipient, token, code, vetoLink } = of;
  const { now, expiresAt, codeExpiresAt } = of;
  const { language, requestNumber, address } = asked;
  const isLinked = token !== "" && page !== undefined;
  const { id: UserID } = user;
  const linkValues = { Token: token, RequestNumber: requestNumber, UserID, BareUserID: UserID.replaceAll("-", "") };
  return {
    id: randomUUID(),
    realmId: realm.id,
    userId: user.id,
    channel,
    recipient,
    template,
    language: language || user.preferredLanguage || realm.defaultLanguage,
    requestNumber,
    values: {
      displayName: user.displayName,
      loginName: user.userName,
      link: isLinked ? renderLink(page, linkValues) : "",
      code,
      secret: code || token,
      vetoLink,
      fromAddress: address,
    },
    createdAt: now,
    expiresAt,
    codeExpiresAt,
  };
}
