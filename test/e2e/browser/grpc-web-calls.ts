// How does a page call with Google's client? With messages of our generated code instead of its own.

import { create, type DescMessage, type DescMethod, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { GrpcWebClientBase, MethodDescriptor, MethodType, type RpcError } from "grpc-web";

import { ErrorInfoSchema } from "../../../gen/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../../gen/google/rpc/status_pb.ts";

export function grpcWebCalls(
  address: string,
  format: "binary" | "text",
  metadata: Readonly<Record<string, string>> = {},
): <I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
  request: MessageInitShape<I>,
) => Promise<MessageShape<O>> {
  const client = new GrpcWebClientBase({ format });
  return async (method, request) => {
    const url = `${address}/${method.parent.typeName}/${method.name}`;
    return await client.unaryCall(url, create(method.input, request), { ...metadata }, descriptorOf(method));
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

/** The stable reason of a refusal. What has none is thrown again. */
export function grpcWebReason(error: RpcError): string {
  const details = error.metadata["grpc-status-details-bin"];
  if (details === undefined) throw error;
  const bytes = Uint8Array.from(atob(details), (byte) => byte.codePointAt(0) ?? 0);
  const [info] = fromBinary(StatusSchema, bytes).details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? []);
  return info?.reason ?? error.message;
}
