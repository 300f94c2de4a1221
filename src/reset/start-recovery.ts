// What happens when a stranger says "I forgot my password"? The wish is counted, kept and answered; nobody is looked up.
//
// The answer is made of what the stranger sent and of random bits. Who they are, whether they exist and whether a
// message can reach them is found out later, by perform-recovery. Guard: ASVS 5.0 6.3.8; Incident: C7, C9, C10, C30.

import { randomUUID } from "node:crypto";

import type { BotAnswer, BotCheck } from "../bot-check/bot-check.ts";
import type { Channel } from "../delivery/courier.ts";
import type { Outbox } from "../delivery/outbox/outbox.ts";
import { makeRequestNumber } from "../delivery/request-number.ts";
import type { SealPayload } from "../delivery/seal.ts";
import { identifierKey } from "../directory/identifier.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { ChargeEverywhere } from "../throttle/charge-everywhere.ts";
import type { Throttle } from "../throttle/throttle.ts";
import { type Clock, type Instant, minute } from "../units.ts";
import type { Call } from "./caller.ts";
import type { RecoveryContainers } from "./recovery-containers.ts";
import { recoveryPage } from "./recovery-message.ts";
import { recoveryDelivery, type RecoveryWish, type RecoveryWork } from "./recovery-work.ts";
import { Refusal } from "./refusal.ts";
import { refuseLimited } from "./refuse-limited.ts";
import { returnUrlProblem } from "./return-url.ts";

export type StartRecovery = (
  call: Call,
  request: {
    readonly identifier: string;
    readonly channel?: Channel;
    readonly language: string;
    readonly state: string;
    /** Where to go in the end. Absent or empty: nowhere. */
    readonly returnUrl?: string;
    /**
     * Absent: the dialect's clients have no way to answer, and are not asked; the limits alone guard. "no_script": nor has
     * the browser behind a plain form, which pays into rows of its own besides.
     */
    readonly botAnswer?: BotAnswer | "no_script";
    readonly wish?: RecoveryWish;
  },
) => Promise<{ readonly requestNumber: string; readonly recoveryId: string; readonly retryAt: Instant }>;

/** A message takes seconds; who asks again sooner gets two. */
export const worthAskingAgainAfter = minute;

export function makeStartRecovery(deps: {
  readonly botCheck: Pick<BotCheck, "judge">;
  readonly throttle: Throttle;
  readonly chargeEverywhere: ChargeEverywhere;
  readonly chargesFor: ChargesFor;
  readonly containers: Pick<RecoveryContainers, "sealRequest">;
  readonly outbox: Pick<Outbox, "put">;
  /** For what rests in the outbox. */
  readonly seal: SealPayload;
  readonly clock: Clock;
}): StartRecovery {
  const { botCheck, throttle, chargeEverywhere, chargesFor, containers, outbox, seal, clock } = deps;

  return async function startRecovery(call, { botAnswer, ...request }) {
    const realmId = call.caller.realm.id;
    const now = clock.now();
    const identifier = request.identifier.trim();
    // Whoever names a page hears at once that it is not one of the realm's.
    if (request.wish !== undefined) recoveryPage(call.caller.realm, request.wish);

    const { state, returnUrl = "" } = request;
    const description = returnUrlProblem(returnUrl, call.caller.realm.recovery?.returnOrigins ?? []);
    if (description !== undefined) throw new Refusal({ reason: "field_invalid", field: "return_url", description });

    // 1. What slows machines down, before anything is queued. What was taken is used up, whatever comes after.
    if (botAnswer !== undefined && botAnswer !== "no_script") await refuseBots(call, botAnswer);

    // 2. The limits, by what was typed; what all realms share comes last, so that only what is let in counts there.
    const { charges } = chargesFor(call, "start_recovery", identifierKey(identifier));
    const more = botAnswer === "no_script" ? chargesFor(call, "start_recovery_without_script").charges : [];
    refuseLimited(await throttle.charge({ realmId, now, charges: [...more, ...charges] }));
    refuseLimited(await chargeEverywhere(now));

    // 3. The work, durable before the answer.
    const requestNumber = makeRequestNumber();
    await queue({
      ...request,
      realmId,
      identifier,
      requestNumber,
      address: call.address,
      requestId: call.requestId,
    });
    const recoveryId = containers.sealRequest({ realmId, identifier, state, returnUrl, requestNumber, startedAt: now });
    return { requestNumber, recoveryId, retryAt: now + worthAskingAgainAfter };

    async function queue(work: RecoveryWork): Promise<void> {
      const id = randomUUID();
      const payload = seal(id, Buffer.from(JSON.stringify(work)));
      const accepted = await outbox.put({ ...recoveryDelivery(id, work, now), payload });
      if (accepted.kind === "full") throw new Refusal({ reason: "overloaded", retryAfterMs: accepted.retryAfterMs });
    }
  };

  async function refuseBots(call: Call, answer: BotAnswer): Promise<void> {
    const verdict = await botCheck.judge(call, answer);
    if (verdict.kind === "required") throw new Refusal({ reason: "bot_check_required" });
    if (verdict.kind === "failed") throw new Refusal({ reason: "bot_check_failed", problem: verdict.problem });
  }
}
