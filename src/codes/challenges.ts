// How do the rules issue and redeem codes? Draws secrets and hides that stores only see digests of them.

import type { Charge } from "../throttle/throttle.ts";
import { second, type Instant, type Milliseconds } from "../units.ts";
import type {
  AccountLimit,
  CheckOutcome,
  ClaimOutcome,
  CodeStore,
  IssueOutcome,
  IssueRequest,
  PresentRequest,
  SubjectKey,
  VetoOutcome,
  VetoRequest,
} from "./code-store.ts";
import { base64url, remembered, type CodeShape } from "./code.ts";
import { secretDigest, subjectDigest, type KeyRing, type Owner } from "./key-ring.ts";
import { canonicalForm, secretKindOf } from "./presented-secret.ts";
import { randomText } from "../random-text.ts";

/** Whose code it is. */
export type Subject = { readonly realmId: string; readonly userId: string };

export type IssueChallenge = {
  readonly subject: Subject;
  readonly shape: CodeShape;
  /** A short code beside the token that `shape` makes; either redeems. It ends with the token at the latest. */
  readonly codeShape?: CodeShape;
  readonly now: Instant;
  readonly passwordVersion: number;
  readonly accountLimit?: IssueRequest["accountLimit"];
  readonly charges: readonly Charge[];
};

export type PresentSecret = {
  readonly subject: Subject;
  /** As it came. */
  readonly presented: string;
  /** How the secret may be written, and how many tries it stands. Whatever shape it was made by, it is found. */
  readonly shape: CodeShape;
  readonly now: Instant;
  readonly guessBudget?: AccountLimit | undefined;
  readonly charges: readonly Charge[];
};

type NotIssued = Exclude<IssueOutcome, { readonly kind: "issued" }>;
type Claimed = Extract<ClaimOutcome, { readonly kind: "claimed" }>;

export type IssuedChallenge =
  | {
      readonly kind: "issued";
      /** What `shape` makes. */
      readonly secret: string;
      readonly expiresAt: Instant;
      /** What `codeShape` makes, and when it ends; both or none. */
      readonly code?: string;
      readonly codeExpiresAt?: Instant;
      readonly sequence: number;
    }
  | NotIssued;

export type ClaimedChallenge = Exclude<ClaimOutcome, Claimed> | (Claimed & { readonly claimId: string });

/** See `CodeStore`, which keeps what is promised here. */
export type Challenges = {
  issue(request: IssueChallenge): Promise<IssuedChallenge>;
  check(request: PresentSecret): Promise<CheckOutcome>;
  claim(request: PresentSecret): Promise<ClaimedChallenge>;
  finish(request: { readonly subject: Subject; readonly now: Instant }): Promise<{ readonly sequence: number }>;
  release(request: { readonly subject: Subject; readonly claimId: string }): Promise<void>;
  revoke(request: {
    readonly subject: Subject;
    readonly now: Instant;
    readonly unblock?: boolean;
  }): Promise<{ readonly sequence: number }>;
  veto(request: { readonly subject: Subject } & Omit<VetoRequest, keyof SubjectKey>): Promise<VetoOutcome>;
};

/**
 * How long a claimant may be at work: longer than the longest wait for a hash and a directory together, so that nobody
 * else comes in between; short enough that a user whose server died can simply try again.
 */
export const claimLease: Milliseconds = 30 * second;

/** 96 bits: no two claims have the same name. */
const claimIdLength = 16;

/** `purpose` keeps the codes of one use from working for another. */
export function makeChallenges(deps: {
  readonly store: CodeStore;
  readonly keyRing: KeyRing;
  readonly purpose: "password_reset";
}): Challenges {
  const { store, keyRing, purpose } = deps;

  function keyOf(subject: Subject): SubjectKey {
    return { realmId: subject.realmId, subject: subjectDigest(keyRing, ownerOf(subject)) };
  }

  function ownerOf({ realmId, userId }: Subject): Owner {
    return { realmId, purpose, userId };
  }

  function toPresent({ subject, presented, shape, now, guessBudget, charges }: PresentSecret): PresentRequest {
    const secretKind = secretKindOf(presented);
    const secret = secretKind === "code" ? canonicalForm(shape, presented) : presented;
    // What has nothing in it is compared with nothing: a miss that counts. Incident: C22.
    const isBlank = secret.trim() === "";
    const owner = ownerOf(subject);
    return {
      ...keyOf(subject),
      now,
      secretKind,
      candidates: isBlank ? [] : keyRing.codes.map((key) => secretDigest(key, owner, secretKind, secret)),
      maxTries: shape.maxTries,
      guessBudget,
      charges,
    };
  }

  return {
    async issue({ subject, shape, codeShape, now, passwordVersion, accountLimit, charges }) {
      const owner = ownerOf(subject);
      const secret = drawSecret(shape);
      const expiresAt = now + shape.lifetimeMs;
      const beside = codeShape && codeBeside(shape, codeShape, now);
      const [key] = keyRing.codes;
      const outcome = await store.issue({
        realmId: subject.realmId,
        subject: subjectDigest(keyRing, owner),
        now,
        code:
          shape.secretKind === "code"
            ? secretDigest(key, owner, "code", secret)
            : beside && secretDigest(key, owner, "code", beside.code),
        token: shape.secretKind === "token" ? secretDigest(key, owner, "token", secret) : undefined,
        expiresAt,
        codeExpiresAt: beside?.codeExpiresAt,
        rememberMs: remembered,
        passwordVersion,
        accountLimit,
        charges,
      });
      if (outcome.kind !== "issued") return outcome;
      const issued = { kind: "issued", secret, expiresAt, sequence: outcome.sequence } as const;
      return beside === undefined ? issued : { ...issued, ...beside };
    },

    check: async (request) => store.check(toPresent(request)),

    async claim(request) {
      const claimId = randomText(base64url, claimIdLength);
      const claimedUntil = request.now + claimLease;
      const outcome = await store.claim({ ...toPresent(request), claimId, claimedUntil });
      return outcome.kind === "claimed" ? { ...outcome, claimId } : outcome;
    },

    finish: async ({ subject, now }) => store.finish({ ...keyOf(subject), now }),
    release: async ({ subject, claimId }) => store.release({ ...keyOf(subject), claimId }),
    revoke: async ({ subject, ...rest }) => store.revoke({ ...keyOf(subject), ...rest }),
    veto: async ({ subject, ...rest }) => store.veto({ ...keyOf(subject), ...rest }),
  };
}

function drawSecret({ alphabet, length, suffix = "" }: CodeShape): string {
  return randomText(alphabet, length) + suffix;
}

/** A typed code for a challenge whose other key is a token. */
function codeBeside(shape: CodeShape, codeShape: CodeShape, now: Instant) {
  if (shape.secretKind !== "token" || codeShape.secretKind !== "code") {
    throw new TypeError("a challenge with two keys has a token and a code");
  }
  return {
    code: drawSecret(codeShape),
    codeExpiresAt: now + Math.min(codeShape.lifetimeMs, shape.lifetimeMs),
  };
}
