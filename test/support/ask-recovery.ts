// How does a stranger ask, in a test? Over REST, Connect JSON or gRPC-Web, and what the whole answer looks like.

import { create, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";

import {
  CheckRecoveryRequestSchema,
  CompleteRecoveryRequestSchema,
  StartRecoveryRequestSchema,
  VetoRecoveryRequestSchema,
} from "../../gen/rekey/v1/recovery_service_pb.ts";
import type { Rekey } from "./open-rekey.ts";

const calls = {
  start: { path: "/v1/recovery", method: "StartRecovery", schema: StartRecoveryRequestSchema as DescMessage },
  check: { path: "/v1/recovery/check", method: "CheckRecovery", schema: CheckRecoveryRequestSchema as DescMessage },
  complete: {
    path: "/v1/recovery/complete",
    method: "CompleteRecovery",
    schema: CompleteRecoveryRequestSchema as DescMessage,
  },
  veto: { path: "/v1/recovery/veto", method: "VetoRecovery", schema: VetoRecoveryRequestSchema as DescMessage },
} as const;

export type RecoveryStep = keyof typeof calls;
export const protocols = ["REST", "Connect JSON", "gRPC-Web"] as const;
export type Protocol = (typeof protocols)[number];

/** The whole answer. Over gRPC-Web the body is bytes. */
export async function ask(
  url: string,
  protocol: Protocol,
  step: RecoveryStep,
  body: object,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly heads: readonly string[]; readonly bytes: Buffer }> {
  const { path, method, schema } = calls[step];
  const same = { "x-request-id": "same", ...headers };
  const response =
    protocol === "gRPC-Web"
      ? await fetch(`${url}/rekey.v1.RecoveryService/${method}`, {
          method: "POST",
          headers: { ...same, "content-type": "application/grpc-web+proto", "x-grpc-web": "1" },
          body: framed(toBinary(schema, create(schema, body as MessageInitShape<DescMessage>))),
        })
      : await fetch(protocol === "REST" ? url + path : `${url}/rekey.v1.RecoveryService/${method}`, {
          method: "POST",
          headers: { ...same, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
  const heads = [...response.headers].filter(([name]) => name !== "date").map((header) => header.join(": "));
  return { status: response.status, heads: heads.toSorted(), bytes: Buffer.from(await response.arrayBuffer()) };
}

/** A message in one frame. */
function framed(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(5 + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, 5);
  return frame;
}

/** Over REST, as JSON: what came back, and the reason if it was an error. */
export async function askJson(
  url: string,
  step: RecoveryStep,
  body: object,
): Promise<Record<string, unknown> & { readonly reason?: string }> {
  const { bytes } = await ask(url, "REST", step, body);
  const answer = JSON.parse(bytes.toString()) as Record<string, unknown> & {
    readonly details?: readonly { readonly reason?: string }[];
  };
  const reason = answer.details?.[0]?.reason;
  return { ...answer, ...(reason === undefined ? {} : { reason }) };
}

/** What the newest message to a user says. */
export async function newestMessage(rekey: Rekey, { realmId, id }: { realmId: string; id: string }) {
  await rekey.recoveries();
  const [message] = (await rekey.courier?.list({ realmId, userId: id, size: 1 })) ?? [];
  if (message === undefined) throw new Error("no message");
  const { link, code } = message.values;
  return { message, link, code, token: decodeURIComponent(new URL(link).hash.replace("#token=", "")) };
}

/** What is wanted of whoever starts, over REST. */
export async function prepare(url: string, realmId = ""): Promise<Prepared> {
  const answer = await fetch(`${url}/v1/recovery/prepare?realm_id=${realmId}`);
  return (await answer.json()) as Prepared;
}

export type Prepared = {
  readonly proofOfWork?: { readonly challenge: string; readonly expirationDate: string };
  readonly captcha?: { readonly provider: string; readonly siteKey: string };
};
