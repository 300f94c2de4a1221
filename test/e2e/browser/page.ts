// What does a page do to reset a password? Lives through the story with the client that it is told to take.

import { fromJson } from "@bufbuild/protobuf";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

import { PasswordService, SetPasswordRequestSchema } from "../../../gen/rekey/v1/password_service_pb.ts";
import { connectClient, restClient, type Party } from "../../support/native-client.ts";
import { grpcWebCalls, grpcWebReason } from "./grpc-web-calls.ts";
import { liveThrough, type ResetClient, type Story } from "../../support/reset-story.ts";

const clients = {
  fetch: restClient,
  "Connect of connect-web": (party) => connectClient(createConnectTransport({ baseUrl: party.address }), party),
  "gRPC-Web of connect-web": (party) => connectClient(createGrpcWebTransport({ baseUrl: party.address }), party),
  "grpc-web, binary": (party) => grpcWebClient(party, "binary"),
  "grpc-web, text": (party) => grpcWebClient(party, "text"),
} satisfies Readonly<Record<string, (party: Party) => ResetClient>>;

export type ClientName = keyof typeof clients;

/** What the test calls from outside. */
export type LiveThrough = (name: ClientName, party: Party) => Promise<Story>;
const tell: LiveThrough = async (name, party) => await liveThrough(clients[name](party));
Object.assign(globalThis, { tell });

function grpcWebClient({ address, apiKey, userId }: Party, format: "binary" | "text"): ResetClient {
  const call = grpcWebCalls(address, format, { authorization: `Bearer ${apiKey}` });
  return {
    async requestCode() {
      const reset = { userId, medium: { case: "returnCode", value: {} } } as const;
      return (await call(PasswordService.method.passwordReset, reset)).verificationCode ?? "";
    },
    async setPassword(password, proof) {
      const request = fromJson(SetPasswordRequestSchema, { userId, newPassword: { password }, ...proof });
      return await call(PasswordService.method.setPassword, request).then(() => "set", grpcWebReason);
    },
  };
}
