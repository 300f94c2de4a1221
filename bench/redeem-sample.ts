// Are the codes that a benchmark made real? Each has to set a password once, and to be refused the second time.

import { randomBytes } from "node:crypto";

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";

import { PasswordService } from "../gen/rekey/v1/password_service_pb.ts";

export type Sample = { readonly userId: string; readonly code: string };

/** Answers what was not as it should be. */
export async function redeemSample(address: string, apiKey: string, samples: readonly Sample[]): Promise<string[]> {
  const client = createClient(PasswordService, createGrpcTransport({ baseUrl: address }));
  const headers = { authorization: `Bearer ${apiKey}` };
  const problems: string[] = [];

  async function present({ userId, code }: Sample): Promise<Code | "done"> {
    const password = randomBytes(24).toString("base64url");
    const verification = { case: "verificationCode" as const, value: code };
    try {
      await client.setPassword({ userId, newPassword: { password }, verification }, { headers });
      return "done";
    } catch (cause) {
      return ConnectError.from(cause).code;
    }
  }

  for (const sample of samples) {
    const [first, second] = [await present(sample), await present(sample)];
    if (first !== "done") problems.push(`a code was refused: ${Code[first]}`);
    if (second !== Code.FailedPrecondition) problems.push("a code was not refused the second time");
  }
  return problems;
}
