// What does Rekey ask of the thing that hashes passwords? The hasher's door.

import type { Milliseconds } from "../units.ts";

/** The waiting line is full: nothing was done. */
export type Busy = { readonly kind: "busy"; readonly retryAfterMs: Milliseconds };

export type HashOutcome = { readonly kind: "hashed"; readonly hash: string } | Busy;
export type VerifyOutcome = { readonly kind: "match" } | { readonly kind: "mismatch" } | Busy;

/** Hashes and verifies off the main thread, a bounded number at a time. */
export interface Hasher {
  /** Argon2id of the NFKC form, as a PHC string. */
  hash(password: string): Promise<HashOutcome>;

  /** Against any hash that `parseHash` accepts. */
  verify(password: string, hash: string): Promise<VerifyOutcome>;

  close(): Promise<void>;
}
