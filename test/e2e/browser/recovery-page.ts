// What does a page of somebody else's do to recover? Asks, checks and sets, with the client that it is told to take.

import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

import { RecoveryService } from "../../../gen/rekey/v1/recovery_service_pb.ts";
import { reasonOf } from "../../support/native-client.ts";
import { grpcWebCalls, grpcWebReason } from "./grpc-web-calls.ts";

export type TypedProof = { readonly recoveryId: string; readonly verificationCode: string };

export type RecoveryClient = {
  /** Answers the recovery id. */
  start(identifier: string): Promise<string>;
  /** Answers the hint, or the stable word of the refusal. */
  check(code: TypedProof): Promise<string>;
  /** Answers "set", or the stable word of the refusal. */
  complete(code: TypedProof, password: string): Promise<string>;
};

const clients = {
  fetch: fetchClient,
  "Connect of connect-web": (address) => connectClient(createConnectTransport({ baseUrl: address })),
  "gRPC-Web of connect-web": (address) => connectClient(createGrpcWebTransport({ baseUrl: address })),
  "grpc-web, binary": (address) => grpcWebClient(address, "binary"),
  "grpc-web, text": (address) => grpcWebClient(address, "text"),
} satisfies Readonly<Record<string, (address: string) => RecoveryClient>>;

export type ClientName = keyof typeof clients;
export type Recover = (name: ClientName, address: string) => RecoveryClient;
const recover: Recover = (name, address) => clients[name](address);
Object.assign(globalThis, { recover });

const realmId = "acme";

function connectClient(transport: Parameters<typeof createClient>[1]): RecoveryClient {
  const client = createClient(RecoveryService, transport);
  const proofOf = (value: TypedProof) => ({ proof: { case: "code", value } }) as const;
  return {
    start: async (identifier) => (await client.startRecovery({ realmId, identifier })).recoveryId,
    check: async (code) => await client.checkRecovery({ proof: proofOf(code) }).then(({ hint }) => hint, reasonOf),
    complete: async (code, password) =>
      await client.completeRecovery({ proof: proofOf(code), newPassword: { password } }).then(() => "set", reasonOf),
  };
}

function grpcWebClient(address: string, format: "binary" | "text"): RecoveryClient {
  const call = grpcWebCalls(address, format);
  const { startRecovery, checkRecovery, completeRecovery } = RecoveryService.method;
  const proofOf = (value: TypedProof) => ({ proof: { case: "code", value } }) as const;
  return {
    start: async (identifier) => (await call(startRecovery, { realmId, identifier })).recoveryId,
    check: async (code) => await call(checkRecovery, { proof: proofOf(code) }).then(({ hint }) => hint, grpcWebReason),
    complete: async (code, password) =>
      await call(completeRecovery, { proof: proofOf(code), newPassword: { password } }).then(
        () => "set",
        grpcWebReason,
      ),
  };
}

function fetchClient(address: string): RecoveryClient {
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${address}/v1/recovery${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const { details, ...fields } = (await answer.json()) as Record<string, string> & { details?: { reason: string }[] };
    return { ...fields, reason: details?.[0]?.reason ?? "" };
  };
  return {
    start: async (identifier) => (await post("", { realmId, identifier }))["recoveryId"] ?? "",
    async check(code) {
      const { hint, reason = "" } = await post("/check", { proof: { code } });
      return hint ?? reason;
    },
    async complete(code, password) {
      const { reason } = await post("/complete", { proof: { code }, newPassword: { password } });
      return reason === "" ? "set" : String(reason);
    },
  };
}
