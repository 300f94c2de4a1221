// How is a password set without a code? By somebody who knows the current one, or by a caller who is trusted to.

import type { Challenges } from "../codes/challenges.ts";
import type { Directory } from "../directory/directory.ts";
import type { Hasher } from "../password/hasher.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Throttle } from "../throttle/throttle.ts";
import type { Clock } from "../units.ts";
import { type Call, requirePermission } from "./caller.ts";
import type { Dialect } from "./dialect.ts";
import { refuseBrokenRules } from "./password-rules.ts";
import { readyUser } from "./ready-user.ts";
import { Refusal } from "./refusal.ts";
import { refuseLimited } from "./refuse-limited.ts";
import { type Standing, standingAfter } from "./standing.ts";
import type { TellChange } from "./tell-change.ts";

/** What shows that the change is wanted. */
export type PasswordProof =
  | { readonly kind: "current_password"; readonly password: string }
  /** The caller's own permission. */
  | { readonly kind: "permission" };

export type SetPassword = (
  call: Call,
  request: {
    readonly userId: string;
    readonly proof: PasswordProof;
    readonly password: string;
    readonly changeRequired: boolean;
    readonly dialect: Dialect;
  },
) => Promise<Standing>;

export function makeSetPassword(deps: {
  readonly directory: Directory;
  readonly challenges: Challenges;
  readonly throttle: Throttle;
  readonly chargesFor: ChargesFor;
  readonly hasher: Hasher;
  readonly tellChange: TellChange;
  readonly clock: Clock;
}): SetPassword {
  const { directory, challenges, throttle, chargesFor, hasher, tellChange, clock } = deps;

  return async function setPassword(call, request) {
    const { proof, userId, dialect } = request;
    requirePermission(call, proof.kind === "permission" ? "password.set" : "password.set_with_current");
    const { realm } = call.caller;

    const found = await directory.find(realm.id, userId);
    const isHidden = proof.kind === "current_password" && dialect.unknownUser === "hide";
    if (!isHidden) readyUser(found);
    const policy = realm.passwordPolicy ?? dialect.passwordPolicy;
    // What is told before the proof holds nothing of a hidden user: not even the user's own names. Incident: C9.
    if (dialect.toldFirst === "password") refuseBrokenRules(policy, request.password, isHidden ? undefined : found);
    if (proof.kind === "current_password") await proveCurrent(call, userId, proof.password, isHidden);
    const user = readyUser(found);
    refuseBrokenRules(policy, request.password, user);
    if (proof.kind === "current_password" && sameText(proof.password, request.password)) {
      throw new Refusal({ reason: "password_unchanged" });
    }

    const hashed = await hasher.hash(request.password);
    if (hashed.kind === "busy") throw new Refusal({ reason: "overloaded", retryAfterMs: hashed.retryAfterMs });
    const change = await directory.changePassword({
      realmId: realm.id,
      userId,
      now: clock.now(),
      hash: hashed.hash,
      changeRequired: request.changeRequired,
      expectedVersion: user.passwordVersion,
      endSessions: realm.endSessions,
    });
    if (change.kind === "moved") throw new Refusal({ reason: "conflict" });
    if (change.kind === "gone") throw new Refusal({ reason: "user_unknown" });
    // The password is set. Should the store be away, the password's version has killed the user's codes already.
    const revoked = await challenges
      .revoke({
        subject: { realmId: realm.id, userId },
        now: clock.now(),
        // Whoever may set a password without a proof has made sure who the person is: a veto has done its work.
        unblock: proof.kind === "permission",
      })
      .catch(() => ({ sequence: 0 }));
    await tellChange(call, change.user, proof.kind);
    return standingAfter(change.user, { sequence: revoked.sequence, at: change.user.changedAt });
  };

  /** Refuses unless `current` is the user's password. `isHidden`: what there is to know of the user stays unsaid. */
  async function proveCurrent(call: Call, userId: string, current: string, isHidden: boolean): Promise<void> {
    const realmId = call.caller.realm.id;
    const { charges } = chargesFor(call, "try_password", userId);
    refuseLimited(await throttle.charge({ realmId, now: clock.now(), charges }));
    const stored = await directory.passwordHash(realmId, userId);
    if (stored === undefined && !isHidden) throw new Refusal({ reason: "password_not_set" });
    // Where there is no password, hashing takes the time that verifying would. Incident: C9.
    const verified = stored === undefined ? await hasher.hash(current) : await hasher.verify(current, stored);
    if (verified.kind === "busy") throw new Refusal({ reason: "overloaded", retryAfterMs: verified.retryAfterMs });
    if (verified.kind !== "match") throw new Refusal({ reason: "password_incorrect" });
  }
}

function sameText(one: string, other: string): boolean {
  return one.normalize("NFKC") === other.normalize("NFKC");
}
