// What does a page do to reset a password? Lives through the story with the client that it is told to take.

import { create, fromBinary, fromJson, toBinary, type DescMessage, type DescMethod } from "@bufbuild/protobuf";
import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { GrpcWebClientBase, MethodDescriptor, MethodType, type RpcError } from "grpc-web";

import { ErrorInfoSchema } from "../../../gen/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../../gen/google/rpc/status_pb.ts";
import { PasswordService, SetPasswordRequestSchema } from "../../../gen/rekey/v1/password_service_pb.ts";
import { connectClient, restClient, type Party } from "../../support/native-client.ts";
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

/** Google's client, which gets its messages from our generated code instead of its own. */
function grpcWebClient({ address, apiKey, userId }: Party, format: "binary" | "text"): ResetClient {
  const client = new GrpcWebClientBase({ format });
  const call = async <I extends DescMessage, O extends DescMessage>(
    method: DescMethod & { readonly input: I; readonly output: O },
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> => {
    const url = `${address}/${method.parent.typeName}/${method.name}`;
    const metadata = { authorization: `Bearer ${apiKey}` };
    return await client.unaryCall(url, create(method.input, request), metadata, descriptorOf(method));
  };
  return {
    async requestCode() {
      const reset = { userId, medium: { case: "returnCode", value: {} } } as const;
      return (await call(PasswordService.method.passwordReset, reset)).verificationCode ?? "";
    },
    async setPassword(password, proof) {
      const request = fromJson(SetPasswordRequestSchema, { userId, newPassword: { password }, ...proof });
      return await call(PasswordService.method.setPassword, request).then(() => "set", reasonOf);
    },
  };
}

function descriptorOf<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
): MethodDescriptor<MessageShape<I>, MessageShape<O>> {
  // The constructors of the messages are for its own generated code.
  const unused = Object as never;
  const write = (message: MessageShape<I>) => toBinary(method.input, message);
  const read = (bytes: Uint8Array) => fromBinary(method.output, bytes);
  const path = `/${method.parent.typeName}/${method.name}`;
  return new MethodDescriptor(path, MethodType.UNARY, unused, unused, write, read);
}

function reasonOf(error: RpcError): string {
  const details = error.metadata["grpc-status-details-bin"];
  if (details === undefined) throw error;
  const bytes = Uint8Array.from(atob(details), (byte) => byte.codePointAt(0) ?? 0);
  const [info] = fromBinary(StatusSchema, bytes).details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? []);
  return info?.reason ?? error.message;
}
