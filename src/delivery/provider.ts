// What does delivery ask of whoever carries a message? The providers' door.

import type { Milliseconds } from "../units.ts";

/** A mail, ready to go. Plain text always stands beside HTML. */
export type Mail = {
  readonly kind: "email";
  /** The message's id. The same for every attempt, so that a receiver can tell a repetition. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  /** Exactly one address, from the directory. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** BCP 47. */
  readonly language: string;
  /** Further headers, called X-…, without control characters: X-Request-Number. */
  readonly headers: Readonly<Record<string, string>>;
};

/** A text message, ready to go. */
export type TextMessage = {
  readonly kind: "sms";
  readonly messageId: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
};

export type SendOutcome =
  /** The provider has taken it over. `reference` is its own name for it. */
  | { readonly kind: "sent"; readonly reference?: string }
  /** The provider is in order and will never take this one: an address that does not exist. Another provider is not asked. */
  | { readonly kind: "refused"; readonly problem: string }
  /** The provider is at fault, busy or away: worth another provider, or another time. */
  | { readonly kind: "failed"; readonly problem: string; readonly retryAfterMs?: Milliseconds };

/** `problem` texts hold no secrets, no message text and no addresses. */
export interface Provider<Message> {
  /** As in the configuration: "smtp-1". */
  readonly name: string;
  send(message: Message, signal: AbortSignal): Promise<SendOutcome>;
  close(): Promise<void>;
}
