// What does Rekey answer, and what does its no mean? The three calls of a recovery, over connect-web.

import { type MessageInitShape } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";

// In a project of your own: generated from Rekey's proto files, see README.md.
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { type RecoveryProofSchema, RecoveryService } from "../../gen/rekey/v1/recovery_service_pb.ts";

export type Proof = MessageInitShape<typeof RecoveryProofSchema>;

export type Failure = {
  /** One of docs/errors.md; "UNAVAILABLE" where Rekey could not be reached. */
  readonly reason: string;
  /** When trying again makes sense; 0 where it says nothing. */
  readonly retryAfterSeconds: number;
  /** What is wrong with the password. */
  readonly violations: readonly string[];
};

export type Recovery = ReturnType<typeof openRecovery>;

export function openRecovery(baseUrl: string, realmId: string) {
  const client = createClient(RecoveryService, createConnectTransport({ baseUrl }));
  return {
    /** `proofOfWork`: what `work` answered. */
    async start(identifier: string, state: string, proofOfWork?: string) {
      const botAnswer =
        proofOfWork === undefined ? {} : { botAnswer: { case: "proofOfWork", value: proofOfWork } as const };
      const wish = { realmId, identifier, state, ...botAnswer };
      const { requestNumber, recoveryId, retryDate } = await client.startRecovery(wish);
      return { requestNumber, recoveryId, retryAt: retryDate ? timestampDate(retryDate).getTime() : 0 };
    },

    /** For when many are asking: does the sum that is wanted, or nothing where none is. Takes about a second. */
    async work() {
      const { proofOfWork } = await client.prepareRecovery({ realmId });
      if (proofOfWork === undefined) return undefined;
      const challenge = JSON.parse(proofOfWork.challenge) as Challenge;
      const solution = await solveChallenge({ challenge, deriveKey });
      return btoa(JSON.stringify({ challenge, solution }));
    },

    async check(proof: Proof) {
      const { hint, rules } = await client.checkRecovery({ proof });
      return { hint, minLength: rules?.minLength ?? 0 };
    },

    async complete(proof: Proof, password: string) {
      const { state } = await client.completeRecovery({ proof, newPassword: { password } });
      return { state };
    },
  };
}

export function failureOf(cause: unknown): Failure {
  const error = ConnectError.from(cause);
  const [info] = error.findDetails(ErrorInfoSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  const [bad] = error.findDetails(BadRequestSchema);
  return {
    reason: info?.reason ?? "UNAVAILABLE",
    retryAfterSeconds: Math.ceil(Number(retry?.retryDelay?.seconds ?? 0) + (retry?.retryDelay?.nanos ?? 0) / 1e9),
    violations: bad?.fieldViolations.map(({ description }) => description) ?? [],
  };
}
