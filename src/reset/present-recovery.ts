// How does a stranger finish? With a link or a typed code, the same check and change as for everybody else, by a caller
// who may do nothing besides.
//
// Whatever is presented goes the same way: what opens nothing, or names nobody, is judged against a user who cannot be.
// What a stranger hears never tells whose identifier it was. Guard: ASVS 5.0 6.3.8, 6.6.2; Incident: C9, C23, C30.

import type { Directory } from "../directory/directory.ts";
import { identifierKey } from "../directory/identifier.ts";
import type { PasswordPolicy } from "../password/policy.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Throttle } from "../throttle/throttle.ts";
import { type Clock, hour, type Instant } from "../units.ts";
import type { Call, Caller } from "./caller.ts";
import type { CheckCode } from "./check-code.ts";
import type { CompleteReset } from "./complete-reset.ts";
import type { Dialect } from "./dialect.ts";
import { identifiedUser } from "./identified-user.ts";
import { maskedAddress } from "./masked-address.ts";
import type { PublicCall, PublicCallers } from "./public-callers.ts";
import type { RecoveryContainers, RecoveryRequest } from "./recovery-containers.ts";
import { Refusal } from "./refusal.ts";
import { returnUrlProblem } from "./return-url.ts";

/** What the stranger has. */
export type RecoveryProof =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "code"; readonly recoveryId: string; readonly code: string }
  /** For a dialect in which people say again who they are. Only where it has found the realm by itself. */
  | { readonly kind: "identified_code"; readonly identifier: string; readonly code: string };

export type PresentRecovery = {
  /** Never burns anything. */
  check(
    from: PublicCall,
    request: { readonly proof: RecoveryProof; readonly dialect: Dialect },
  ): Promise<{ readonly expiresAt: Instant; readonly hint: string; readonly policy: PasswordPolicy }>;

  complete(
    from: PublicCall,
    request: { readonly proof: RecoveryProof; readonly password: string; readonly dialect: Dialect },
  ): Promise<{ readonly state: string; readonly returnUrl: string; readonly sessionsEnded: boolean }>;
};

type Presented = {
  readonly call: Call;
  readonly userId: string;
  readonly presented: string;
  readonly state: string;
  readonly returnUrl: string;
};

/** No user has this id: directories make one where a caller names none. */
const nobody = { userId: "", state: "", returnUrl: "" };

/** Longer than codes live: what is older is not worth a look. */
const requestLivesFor = 24 * hour;

export function makePresentRecovery(deps: {
  readonly callers: PublicCallers;
  readonly containers: Pick<RecoveryContainers, "openLink" | "openRequest">;
  readonly directory: Pick<Directory, "find" | "findByIdentifier">;
  readonly throttle: Throttle;
  readonly chargesFor: ChargesFor;
  readonly checkCode: CheckCode;
  readonly completeReset: CompleteReset;
  readonly clock: Clock;
}): PresentRecovery {
  const { callers, containers, directory, throttle, chargesFor, checkCode, completeReset, clock } = deps;

  return {
    async check(from, { proof, dialect }) {
      const { call, presented, userId } = await present(from, proof);
      const { realm } = call.caller;
      const { expiresAt } = await tellingNothing(checkCode(call, { userId, presented, dialect }));
      const user = await directory.find(realm.id, userId);
      const hint = user === undefined ? "" : maskedAddress(user);
      return { expiresAt, hint, policy: realm.passwordPolicy ?? dialect.passwordPolicy };
    },

    async complete(from, { proof, password, dialect }) {
      const { call, presented, userId, state, returnUrl } = await present(from, proof);
      const change = { userId, presented, password, changeRequired: false, dialect };
      await tellingNothing(completeReset(call, change));
      const { recovery, endSessions: sessionsEnded } = call.caller.realm;
      // The list of today counts, not that of the start.
      const isAllowed = returnUrlProblem(returnUrl, recovery?.returnOrigins ?? []) === undefined;
      return { state, returnUrl: isAllowed ? returnUrl : "", sessionsEnded };
    },
  };

  async function present(from: PublicCall, proof: RecoveryProof): Promise<Presented> {
    switch (proof.kind) {
      case "token":
        return presentToken(from, proof.token);
      case "code":
        return await presentRequest(from, proof);
      case "identified_code": {
        const request = { identifier: proof.identifier, state: "" };
        return await presentCode(from, callOf(from, undefined).call, request, proof.code);
      }
    }
  }

  function presentToken(from: PublicCall, token: string): Presented {
    const link = containers.openLink(token);
    const { call, isSealed } = callOf(from, link?.realmId);
    if (link === undefined || !isSealed) return { call, ...nobody, presented: token };
    const { userId, requestNumber, state, returnUrl = "", secret } = link;
    from.onKnown?.({ caller: call.caller, userId, requestNumber });
    return { call, userId, state, returnUrl, presented: secret };
  }

  async function presentRequest(
    from: PublicCall,
    { recoveryId, code }: Extract<RecoveryProof, { kind: "code" }>,
  ): Promise<Presented> {
    const opened = containers.openRequest(recoveryId);
    const { call, isSealed } = callOf(from, opened?.realmId);
    return await presentCode(from, call, isSealed && !isOld(opened) ? opened : undefined, code);
  }

  async function presentCode(
    from: PublicCall,
    call: Call,
    request: (Pick<RecoveryRequest, "identifier" | "state" | "returnUrl"> & Partial<RecoveryRequest>) | undefined,
    code: string,
  ): Promise<Presented> {
    const { caller } = call;
    const requestNumber = request?.requestNumber;
    from.onKnown?.({ caller, requestNumber });
    await charge(call, request && identifierKey(request.identifier));
    const user = await identifiedUser(directory, call.caller.realm.id, request?.identifier ?? "");
    if (request === undefined || user === undefined) return { call, ...nobody, presented: code };
    from.onKnown?.({ caller, userId: user.id, requestNumber });
    const { state, returnUrl = "" } = request;
    return { call, userId: user.id, state, returnUrl, presented: code };
  }

  /** The stranger of the realm that was sealed in; where none was, of the host's, to do the same work. */
  function callOf(from: PublicCall, sealedIn: string | undefined): { call: Call; isSealed: boolean } {
    const { caller: named } = from;
    const bySeal = sealedIn === undefined ? undefined : callerOf(sealedIn, named);
    const caller = bySeal ?? named ?? callers.ofHost(from.host);
    // Nothing says whose it could be.
    if (caller === undefined) throw new Refusal({ reason: "code_absent" });
    const { address, requestId, preventsHook = false } = from;
    const call = { caller, address, requestId, preventsHook };
    return { call, isSealed: caller === bySeal };
  }

  function callerOf(realmId: string, named: Caller | undefined): Caller | undefined {
    if (named === undefined) return callers.ofRealm(realmId);
    return named.realm.id === realmId ? named : undefined;
  }

  function isOld(request: RecoveryRequest | undefined): boolean {
    return request !== undefined && clock.now() >= request.startedAt + requestLivesFor;
  }

  /** By what was typed, before anybody is looked up: as often for the known as for the unknown. */
  async function charge(call: Call, key: string | undefined): Promise<void> {
    const { charges } = chargesFor(call, "present_recovery", key);
    const charged = await throttle.charge({ realmId: call.caller.realm.id, now: clock.now(), charges });
    if (charged.kind !== "limited") return;
    const { limit, retryAfterMs } = charged;
    const reason = limit === "present_recovery.identifier" ? "guesses_spent" : "rate_limited";
    throw new Refusal({ reason, limit, retryAfterMs });
  }
}

/** Only a user who exists has guesses to spend: a stranger hears that the code is wrong. */
async function tellingNothing<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Refusal && cause.details.reason === "guesses_spent") {
      throw new Refusal({ reason: "code_wrong" });
    }
    throw cause;
  }
}
