// How does a reset start? Makes the user's newest code, and returns it or hands a message with it to delivery.
//
// Nothing on the account changes here: no lock, no password removed. Guard: OWASP Forgot Password Cheat Sheet.

import { randomUUID } from "node:crypto";

import type { Challenges } from "../codes/challenges.ts";
import type { Channel, Courier } from "../delivery/courier.ts";
import type { Directory, User } from "../directory/directory.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Clock, Instant } from "../units.ts";
import { type Call, requirePermission } from "./caller.ts";
import type { Dialect } from "./dialect.ts";
import { type LinkTemplate, parseLinkTemplate, renderLink } from "./link.ts";
import { readyUser } from "./ready-user.ts";
import { Refusal } from "./refusal.ts";
import { type Standing, standingAfter } from "./standing.ts";

export type ResetMedium =
  | { readonly kind: "return_code" }
  | { readonly kind: "send_link"; readonly channel: Channel; readonly urlTemplate?: string };

export type RequestReset = (
  call: Call,
  request: { readonly userId: string; readonly medium: ResetMedium; readonly dialect: Dialect },
) => Promise<StartedReset>;

export type StartedReset = {
  readonly standing: Standing;
  readonly expiresAt: Instant;
  /** Only for `return_code`. */
  readonly code?: string;
  /** Only for `send_link`, when there was an address. */
  readonly messageId?: string;
};

export function makeRequestReset(deps: {
  readonly directory: Directory;
  readonly challenges: Challenges;
  readonly chargesFor: ChargesFor;
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
  readonly clock: Clock;
}): RequestReset {
  const { directory, challenges, chargesFor, courier, clock } = deps;

  return async function requestReset(call, { userId, medium, dialect }) {
    requirePermission(call, medium.kind === "return_code" ? "password.return_code" : "password.send_link");
    const { realm } = call.caller;
    if (medium.kind === "send_link" && courier === undefined) throw new Refusal({ reason: "delivery_off" });
    const template = medium.kind === "send_link" ? linkTemplate(call, medium.urlTemplate, dialect) : undefined;

    const user = readyUser(await directory.find(realm.id, userId));
    const recipient = medium.kind === "send_link" ? addressOf(user, medium.channel, dialect) : undefined;

    const now = clock.now();
    const shape = realm.shapes[medium.kind === "return_code" ? dialect.returnedShape : dialect.linkShape];
    const issued = await challenges.issue({
      subject: { realmId: realm.id, userId },
      shape,
      now,
      passwordVersion: user.passwordVersion,
      ...chargesFor(call, medium.kind === "return_code" ? "return_code" : "send_message"),
    });
    if (issued.kind === "limited") {
      throw new Refusal({ reason: "rate_limited", limit: issued.limit, retryAfterMs: issued.retryAfterMs });
    }
    const started = {
      standing: standingAfter(user, { sequence: issued.sequence, at: now }),
      expiresAt: issued.expiresAt,
    };
    if (medium.kind === "return_code") return { ...started, code: issued.secret };
    if (recipient === undefined || template === undefined || courier === undefined) return started;

    const messageId = randomUUID();
    const accepted = await courier.accept({
      id: messageId,
      realmId: realm.id,
      userId,
      channel: medium.channel,
      recipient,
      template: "password_reset",
      language: user.preferredLanguage || realm.defaultLanguage,
      values: {
        displayName: user.displayName,
        link: renderLink(template, {
          UserID: user.id,
          Code: issued.secret,
          OrgID: user.organizationId,
          LoginName: user.userName,
        }),
        code: issued.secret,
      },
      createdAt: now,
      expiresAt: issued.expiresAt,
    });
    if (accepted.kind === "full") {
      throw new Refusal({ reason: "overloaded", retryAfterMs: accepted.retryAfterMs });
    }
    return { ...started, messageId };
  };
}

function linkTemplate(call: Call, requested: string | undefined, dialect: Dialect): LinkTemplate {
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

function addressOf(user: User, channel: Channel, dialect: Dialect): string | undefined {
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
