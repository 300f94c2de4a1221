// What does a protocol say of a unary call over request and response? What Connect and gRPC-Web each fill in.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";

import type { Message } from "@bufbuild/protobuf";
import type { parseTimeout } from "@connectrpc/connect/protocol-connect";

import type { HttpRequest } from "../exchange.ts";
import type { UnaryCall } from "../unary-call.ts";
import type { FastMethod } from "./fast-method.ts";

export type HttpForm = {
  /** The name handlers see. */
  readonly protocolName: "connect" | "grpc-web";
  /** What the protocol itself says beside every answer. */
  readonly answerHeader: Readonly<Record<string, string>>;
  readonly answerTrailer?: Readonly<Record<string, string>>;
  /** Of a whole body, as it is sent. */
  readonly maxBodyBytes: number;
  /** Whether the message is in no packing. */
  isUnpacked(headers: IncomingHttpHeaders): boolean;
  timeoutOf(headers: IncomingHttpHeaders): ReturnType<typeof parseTimeout>;
  /** As handlers see the headers of the request. */
  headerOf(headers: IncomingHttpHeaders): Headers;
  /** Undefined when a body is anything else than one plain message. Throws what connect would throw. */
  read(method: FastMethod, body: Buffer): Message | undefined;
  /** At once where nothing is packed: to wait for what is there costs a turn, and a promise for what waits. */
  answer(method: FastMethod, message: Message, asked: Asked): HttpAnswer | Promise<HttpAnswer>;
  fail(method: FastMethod, cause: unknown, asked: Asked): Promise<HttpAnswer>;
};

export type Asked = { readonly call: UnaryCall; readonly request: HttpRequest };

export type HttpAnswer =
  /** As nearly all are, to a message that was read whole: names and values in turn, which Node sends with less ado. */
  | { readonly kind: "plain"; readonly fields: readonly string[]; readonly body: Uint8Array | string }
  | { readonly kind: "any"; readonly status: number; readonly header: OutgoingHttpHeaders; readonly body: Uint8Array };
