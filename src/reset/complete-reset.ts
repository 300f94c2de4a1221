// In which order do we check, claim and write? The main act: a code sets a new password, once.
//
// 1. Policy before the code is touched: a weak password never costs the code. What is told before any proof holds
//    nothing of the user; a password that only breaks the rule about the user's own names is told after a check.
// 2. Claim the code, atomically, in the store: a miss is counted, the ceiling holds even for the right code.
// 3. Hash only for the one who holds the claim: a guesser buys no work.
// 4. Write with compare-and-set on the user's password version, as it was when the code was made: a code from before
//    the last change is dead even if the store forgot, and two racers can never both write.
// 5. Finish or release. After the write the code is burnt. If the directory failed, the claim is released. If the
//    process died in between, the claim runs out by itself and the code works again, while step 4 forbids a second
//    change. So whoever is killed where: the user has the new password or can still use the code, and never is one
//    code worth two changes.
//
// Guard: ASVS 5.0 2.3.3, 2.3.4, 6.5.1; Incident: C14.

import type { Challenges } from "../codes/challenges.ts";
import type { Directory, PasswordChangeOutcome } from "../directory/directory.ts";
import type { Hasher } from "../password/hasher.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Clock } from "../units.ts";
import { type Call, requirePermission } from "./caller.ts";
import type { CheckCode } from "./check-code.ts";
import type { Dialect } from "./dialect.ts";
import { brokenRules, refuseBrokenRules } from "./password-rules.ts";
import { refusalOf } from "./present-code.ts";
import { readyUser } from "./ready-user.ts";
import { Refusal } from "./refusal.ts";
import { type Standing, standingAfter } from "./standing.ts";
import type { TellChange } from "./tell-change.ts";

export type CompleteReset = (
  call: Call,
  request: {
    readonly userId: string;
    readonly presented: string;
    readonly password: string;
    readonly changeRequired: boolean;
    readonly dialect: Dialect;
  },
) => Promise<Standing>;

export function makeCompleteReset(deps: {
  readonly directory: Directory;
  readonly challenges: Challenges;
  readonly chargesFor: ChargesFor;
  readonly hasher: Hasher;
  readonly checkCode: CheckCode;
  readonly tellChange: TellChange;
  readonly clock: Clock;
}): CompleteReset {
  const { directory, challenges, chargesFor, hasher, checkCode, tellChange, clock } = deps;

  return async function completeReset(call, request) {
    requirePermission(call, "password.set_with_code");
    const { realm } = call.caller;
    const { userId, presented, password, dialect } = request;
    const subject = { realmId: realm.id, userId };

    const user = await directory.find(realm.id, userId);
    if (dialect.unknownUser === "tell") readyUser(user);
    const policy = realm.passwordPolicy ?? dialect.passwordPolicy;
    if (dialect.toldFirst === "password") refuseBrokenRules(policy, password, undefined);
    const violations = brokenRules(policy, password, user);
    if (violations.length > 0) {
      await checkCode(call, { userId, presented, dialect });
      throw new Refusal({ reason: "password_rejected", violations });
    }

    // Who is unknown or not set up takes the same way, so that neither the refusal nor its time tells. Incident: C9.
    const claim = await challenges.claim({
      subject,
      presented,
      shape: realm.shapes[dialect.returnedShape],
      now: clock.now(),
      ...chargesFor(call, "present_code"),
    });
    if (claim.kind !== "claimed") throw refusalOf(claim);

    const change = await writeOrRelease(claim.claimId, claim.passwordVersion);
    // The code is burnt whatever the directory said: "moved" means that the password was changed since the code was
    // made, "gone" that there is nobody left to change. From here on nothing may turn a set password into a failure:
    // should the store be away, the password's version has killed the code already.
    const finished = await challenges.finish({ subject, now: clock.now() }).catch(() => ({ sequence: 0 }));
    if (change.kind === "moved") throw new Refusal({ reason: "code_used", matched: true });
    if (change.kind === "gone") throw new Refusal({ reason: "code_absent" });
    await tellChange(call, change.user, "code");
    return standingAfter(change.user, { sequence: finished.sequence, at: change.user.changedAt });

    async function writeOrRelease(claimId: string, expectedVersion: number): Promise<PasswordChangeOutcome> {
      try {
        if (user !== undefined) readyUser(user);
        const hashed = await hasher.hash(password);
        if (hashed.kind === "busy") throw new Refusal({ reason: "overloaded", retryAfterMs: hashed.retryAfterMs });
        return await directory.changePassword({
          realmId: realm.id,
          userId,
          now: clock.now(),
          hash: hashed.hash,
          changeRequired: request.changeRequired,
          expectedVersion,
          endSessions: realm.endSessions,
        });
      } catch (cause) {
        // Should the release fail too, the claim runs out by itself; the first failure is the one to report.
        await challenges.release({ subject, claimId }).catch(() => undefined);
        throw cause;
      }
    }
  };
}
