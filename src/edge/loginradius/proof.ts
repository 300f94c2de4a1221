// What does a stranger bring to set a new password? A reset token, or a one-time password and who they are.

import { createContextKey, type ContextKey } from "@connectrpc/connect";

import type { RecoveryProof } from "../../reset/present-recovery.ts";
import type { Parameters } from "./parameters.ts";
import { type Named, namedIn } from "./identifier.ts";
import { missing } from "./vendor-error.ts";

/** The vendor has codes of its own for each. */
export type ProofKind = "token" | "email_otp" | "phone_otp";

/** Set before an act judges the proof, for the words of its refusal. */
export const proofKindKey: ContextKey<ProofKind> = createContextKey<ProofKind>("token", {
  description: "what was presented to reset a password",
});

/** Vendor: LoginRadius, which of three bodies it is shows in the keys that are there. */
export function proofOfReset(body: Parameters): RecoveryProof {
  const token = body.text("resettoken");
  if (token !== undefined) return { kind: "token", token };
  if (body.text("otp", "email", "username") === undefined) throw missing("resettoken");
  return otpProof(body, "email", "username");
}

export function proofByPhone(body: Parameters): RecoveryProof {
  return otpProof(body, "phone");
}

function otpProof(body: Parameters, ...ways: readonly [Named["by"], ...Named["by"][]]): RecoveryProof {
  const { identifier } = namedIn(body, ...ways);
  const code = body.text("otp");
  if (code === undefined) throw missing("otp");
  return { kind: "identified_code", identifier, code };
}

export function newPasswordIn(body: Parameters): string {
  const password = body.text("password");
  if (password === undefined) throw missing("password");
  return password;
}
