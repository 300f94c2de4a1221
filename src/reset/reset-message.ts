// What does the message of a reset say, and where does it go? To one address from the directory, with one link.

import type { CodeShape } from "../codes/code.ts";
import type { Channel, OutgoingMessage } from "../delivery/courier.ts";
import type { User } from "../directory/directory.ts";
import type { Instant } from "../units.ts";
import type { Call } from "./caller.ts";
import type { Dialect } from "./dialect.ts";
import { type LinkTemplate, parseLinkTemplate, renderLink } from "./link.ts";
import { Refusal } from "./refusal.ts";

/** How a caller wants a link sent. */
export type SendLink = {
  readonly channel: Channel;
  /** Absent: the realm's page. */
  readonly urlTemplate?: string;
  /** Absent: the built-in one. */
  readonly template?: string;
  /** BCP 47. Absent: the user's, else the realm's. */
  readonly language?: string;
};

/** Checks the caller's link template, or the realm's own, before anything is looked up. */
export function linkTemplateFor(call: Call, requested: string | undefined, dialect: Dialect): LinkTemplate {
  const { links } = call.caller.realm;
  const text = requested ?? links.page;
  if (text === undefined) throw new Refusal({ reason: "url_template_missing" });
  return parseLinkTemplate(text, {
    // The realm's own page is written by its operator, who may use every name.
    names: requested === undefined ? ["UserID", "Code", "OrgID", "LoginName"] : dialect.linkNames,
    codeRequired: dialect.linkNeedsCode,
    hosts: links.hosts,
  });
}

/** Refuses, or answers `undefined`, as the dialect wants it. The address is the directory's, never the request's. */
export function addressFor(user: User, channel: Channel, dialect: Dialect): string | undefined {
  const found =
    channel === "email"
      ? user.email && { address: user.email.address, verified: user.email.verified }
      : user.phone && { address: user.phone.number, verified: user.phone.verified };
  // Guard: ASVS 5.0 6.6.1 (a text message goes to a verified number only, whatever the dialect says).
  const isUsable = found?.verified === true || (channel === "email" && dialect.unverifiedAddress === "use");
  if (found !== undefined && isUsable) return found.address;
  if (dialect.missingAddress === "refuse") throw new Refusal({ reason: "channel_unavailable", channel });
  return undefined;
}

export function resetMessage(of: {
  readonly id: string;
  readonly call: Call;
  readonly user: User;
  readonly recipient: string;
  readonly sendLink: SendLink;
  readonly link: LinkTemplate;
  readonly shape: CodeShape;
  readonly secret: string;
  readonly requestNumber: string;
  /** Empty where there is none. */
  readonly vetoLink: string;
  readonly remake: string;
  readonly now: Instant;
  readonly expiresAt: Instant;
}): OutgoingMessage {
  const { id, call, user, recipient, sendLink, secret, requestNumber, remake, now, expiresAt } = of;
  return {
    id,
    realmId: user.realmId,
    userId: user.id,
    channel: sendLink.channel,
    recipient,
    template: sendLink.template ?? "password_reset",
    language: sendLink.language ?? (user.preferredLanguage || call.caller.realm.defaultLanguage),
    requestNumber,
    values: {
      displayName: user.displayName,
      loginName: user.userName,
      link: renderLink(of.link, {
        UserID: user.id,
        Code: secret,
        OrgID: user.organizationId,
        LoginName: user.userName,
      }),
      // A token is for links only: nobody types it.
      code: of.shape.secretKind === "code" ? secret : "",
      secret,
      vetoLink: of.vetoLink,
      fromAddress: call.address,
    },
    createdAt: now,
    expiresAt,
    remake,
  };
}
