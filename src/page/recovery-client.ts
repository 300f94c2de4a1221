// How does the page ask the service? Over gRPC-Web, at its own origin; every call ends in an answer or in a failure.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import {
  type PasswordRules,
  type RecoveryProofSchema,
  RecoveryService,
} from "../../gen/rekey/v1/recovery_service_pb.ts";
import { type Failure, readFailure } from "./failure.ts";
import type { Origin } from "./page-address.ts";
import type { PageSettings } from "./settings.ts";

/** What the person holds: the token of a link, or a typed code of a request. */
export type Proof =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "code"; readonly recoveryId: string; readonly code: string };

/** Times are in the clock of this machine, whatever it says: what counts is how long it is until then. */
export type StartedRecovery = { readonly requestNumber: string; readonly recoveryId: string; readonly retryAt: number };
export type CheckedProof = { readonly hint: string; readonly expiresAt: number; readonly rules: PasswordRules };
export type CompletedRecovery = {
  readonly state: string;
  readonly returnUrl: string;
  readonly sessionsEnded: boolean;
};
/** A CAPTCHA, by another host, is nothing for this page: where it is served, a proof of work does as well. */
export type WantedProof = { readonly challenge: string | undefined };

export type Result<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: Failure };

export type RecoveryClient = ReturnType<typeof openRecoveryClient>;

/** How often a call is made again that met another one at the same moment. */
const mostTries = 4;

export function openRecoveryClient({ realmId, language }: Pick<PageSettings, "realmId" | "language">) {
  const service = createClient(RecoveryService, createGrpcWebTransport({ baseUrl: location.origin }));

  return {
    async prepare() {
      return await ask(async (clock) => {
        const { proofOfWork } = await service.prepareRecovery({ realmId }, clock);
        return { challenge: proofOfWork?.challenge } satisfies WantedProof;
      });
    },

    async start(identifier: string, origin: Origin, proofOfWork: string | undefined) {
      return await ask(async (clock) => {
        const botAnswer =
          proofOfWork === undefined ? {} : { botAnswer: { case: "proofOfWork", value: proofOfWork } as const };
        const answer = await service.startRecovery({ realmId, identifier, language, ...origin, ...botAnswer }, clock);
        const { requestNumber, recoveryId, retryDate } = answer;
        return { requestNumber, recoveryId, retryAt: clock.local(retryDate) } satisfies StartedRecovery;
      });
    },

    async check(proof: Proof) {
      return await ask(async (clock) => {
        const { hint, expirationDate, rules } = await service.checkRecovery({ proof: proofMessage(proof) }, clock);
        if (rules === undefined) throw new Error("an answer without rules");
        return { hint, rules, expiresAt: clock.local(expirationDate) } satisfies CheckedProof;
      });
    },

    async complete(proof: Proof, password: string) {
      return await ask(async (clock) => {
        const request = { proof: proofMessage(proof), newPassword: { password } };
        const { state, returnUrl, sessionsEnded } = await service.completeRecovery(request, clock);
        return { state, returnUrl, sessionsEnded } satisfies CompletedRecovery;
      });
    },

    async veto(token: string) {
      return await ask(async (clock) => {
        const { blockedUntil } = await service.vetoRecovery({ token }, clock);
        return { blockedUntil: clock.local(blockedUntil) };
      });
    },
  };
}

async function ask<Answer>(call: (clock: ServiceClock) => Promise<Answer>): Promise<Result<Answer>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { ok: true, answer: await call(serviceClock()) };
    } catch (cause) {
      const failure = readFailure(cause);
      if (failure.kind !== "busy" || tries === mostTries) return { ok: false, failure };
      await new Promise((resolve) => setTimeout(resolve, failure.until - Date.now()));
    }
  }
}

type ServiceClock = {
  onHeader(headers: Headers): void;
  /** The same moment on this machine's clock. */
  local(time: Timestamp | undefined): number;
};

/** The service's clock is told in whole seconds, and its answer took its time: nearer than this is the same. */
const unnoticedMs = 3_000;

/** Phones are minutes off: the service's own clock stands in its answer. It is an option of a call. */
function serviceClock(): ServiceClock {
  let aheadMs = 0;
  return {
    onHeader(headers) {
      const ahead = Date.parse(headers.get("date") ?? "") - Date.now();
      if (Math.abs(ahead) > unnoticedMs) aheadMs = ahead;
    },
    local: (time) => (time === undefined ? Date.now() : timestampMs(time) - aheadMs),
  };
}

function proofMessage(proof: Proof): MessageInitShape<typeof RecoveryProofSchema> {
  if (proof.kind === "token") return { proof: { case: "token", value: proof.token } };
  const { recoveryId, code: verificationCode } = proof;
  return { proof: { case: "code", value: { recoveryId, verificationCode } } };
}
