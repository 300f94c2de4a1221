// How does a test call our own API? Over any transport of Connect, or as REST.

import { fromJson } from "@bufbuild/protobuf";
import { createClient, ConnectError, type Transport } from "@connectrpc/connect";

import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { PasswordService, SetPasswordRequestSchema } from "../../gen/rekey/v1/password_service_pb.ts";
import type { ResetClient } from "./reset-story.ts";

/** Who calls, and about whom. */
export type Party = { readonly address: string; readonly apiKey: string; readonly userId: string };

export function connectClient(transport: Transport, { apiKey, userId }: Omit<Party, "address">): ResetClient {
  const client = createClient(PasswordService, transport);
  const headers = { authorization: `Bearer ${apiKey}` };
  return {
    async requestCode() {
      const answer = await client.passwordReset({ userId, medium: { case: "returnCode", value: {} } }, { headers });
      return answer.verificationCode ?? "";
    },
    async setPassword(password, proof) {
      const request = fromJson(SetPasswordRequestSchema, { userId, newPassword: { password }, ...proof });
      return await client.setPassword(request, { headers }).then(() => "set", reasonOf);
    },
  };
}

/** The stable reason of a failure. One without is thrown again, as no refusal of ours. */
export function reasonOf(cause: unknown): string {
  const [info] = cause instanceof ConnectError ? cause.findDetails(ErrorInfoSchema) : [];
  if (info === undefined) throw cause;
  return info.reason;
}

export function restClient({ address, apiKey, userId }: Party): ResetClient {
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const url = `${address}/v1/users/${userId}/${path}`;
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return { ok: response.ok, body: (await response.json()) as RestAnswer };
  };
  return {
    requestCode: async () => (await post("password_reset", { returnCode: {} })).body.verificationCode ?? "",
    async setPassword(password, proof) {
      const { ok, body } = await post("password", { newPassword: { password }, ...proof });
      return ok ? "set" : restReason(body);
    },
  };
}

/** What an answer may hold, in JSON; as REST tells an error. */
export type RestAnswer = {
  readonly verificationCode?: string;
  readonly details?: unknown;
};

/** The stable reason in the body of an error. */
export function restReason({ details }: RestAnswer): string {
  const listed = Array.isArray(details) ? (details as { "@type": string; reason?: string; id?: string }[]) : [];
  const told = listed.flatMap(({ reason, id }) => reason ?? id ?? []);
  if (told[0] === undefined) throw new Error(`no reason in ${JSON.stringify(listed)}`);
  return told[0];
}
