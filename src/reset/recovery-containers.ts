// What do strangers hold of a recovery? Sealed texts: one for the request that they made, one in each link of the message.
//
// Nobody but Rekey can read, change or make them, and both open on every server and in every browser: nothing is bound
// to where they were asked for. How long they are says only how long what the stranger sent was. Incident: C9, C23.

import type { SealPayload, UnsealPayload } from "../delivery/seal.ts";
import type { Instant } from "../units.ts";

/** What was asked, by whoever asked it: found or not, it looks the same. */
export type RecoveryRequest = {
  readonly realmId: string;
  readonly identifier: string;
  readonly state: string;
  /** Absent: nowhere. */
  readonly returnUrl?: string;
  readonly requestNumber: string;
  readonly startedAt: Instant;
};

/** What a link carries: the token of a challenge, and whose it is. */
export type RecoveryLink = {
  readonly realmId: string;
  readonly userId: string;
  readonly state: string;
  /** Absent: nowhere. */
  readonly returnUrl?: string;
  readonly requestNumber: string;
  readonly secret: string;
};

/** What the link carries by which a person says "it was not me". */
export type RecoveryVeto = {
  readonly realmId: string;
  readonly userId: string;
  readonly requestNumber: string;
  /** What the message was about: that a reset was asked for, or that the password has changed. */
  readonly vetoed: "request" | "change";
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
};

export type RecoveryContainers = {
  sealRequest(request: RecoveryRequest): string;
  /** Undefined for what was not sealed here. */
  openRequest(text: string): RecoveryRequest | undefined;
  sealLink(link: RecoveryLink): string;
  openLink(text: string): RecoveryLink | undefined;
  sealVeto(veto: RecoveryVeto): string;
  openVeto(text: string): RecoveryVeto | undefined;
};

type Seal = { readonly seal: SealPayload; readonly unseal: UnsealPayload };

export function makeRecoveryContainers(seals: {
  readonly id: Seal;
  readonly token: Seal;
  readonly veto: Seal;
}): RecoveryContainers {
  const ids = container<RecoveryRequest>(seals.id);
  const tokens = container<RecoveryLink>(seals.token);
  const vetoes = container<RecoveryVeto>(seals.veto);
  return {
    sealRequest: ids.close,
    openRequest: ids.open,
    sealLink: tokens.close,
    openLink: tokens.open,
    sealVeto: vetoes.close,
    openVeto: vetoes.open,
  };
}

/** A seal is bound to a delivery; these belong to none, and have keys of their own. */
const noDelivery = "";

function container<Content>({ seal, unseal }: Seal) {
  return {
    close: (content: Content) =>
      Buffer.from(seal(noDelivery, Buffer.from(JSON.stringify(content)))).toString("base64url"),

    open(text: string): Content | undefined {
      const bytes = Buffer.from(text, "base64url");
      // Decoding passes over foreign signs: one container has one form.
      if (bytes.toString("base64url") !== text) return undefined;
      const opened = unseal(noDelivery, bytes);
      return opened.kind === "opened" ? (JSON.parse(Buffer.from(opened.payload).toString()) as Content) : undefined;
    },
  };
}
