// How does the answer of a gRPC call go out? As headers, at most one frame, and trailers that hold the outcome.

import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import {
  contentTypeProto,
  grpcStatusOk,
  headerContentType,
  headerGrpcStatus,
  setTrailerStatus,
} from "@connectrpc/connect/protocol-grpc";

import { reencodeMessage } from "../grpc-message.ts";
import { inWords } from "../internal-error.ts";
import type { UnaryCall } from "../unary-call.ts";

/** Without a frame: a failure. */
export type Answer = {
  readonly frame?: Uint8Array;
  /** Absent: the plain one. */
  readonly header?: OutgoingHttpHeaders;
  readonly trailer: OutgoingHttpHeaders;
};

export const plainHeader = { [headerContentType]: contentTypeProto };
export const plainTrailer = { [headerGrpcStatus]: grpcStatusOk };
const plainFields = Object.entries(plainHeader).flat();

export function succeeded(call: UnaryCall, frame: Uint8Array): Answer {
  const { saidHeader, saidTrailer } = call;
  const trailer = saidTrailer === undefined ? plainTrailer : fieldsOf(saidTrailer);
  return saidHeader === undefined ? { frame, trailer } : { frame, trailer, header: fieldsOf(saidHeader) };
}

export function failed(call: UnaryCall, cause: unknown): Answer {
  const { responseHeader, responseTrailer } = call;
  setTrailerStatus(responseTrailer, inWords(cause));
  reencodeMessage(responseTrailer);
  return { header: fieldsOf(responseHeader), trailer: fieldsOf(responseTrailer) };
}

/** On the stream instead of in a function of its own, for the reason that `read-frame` names. */
const trailerKey = Symbol("trailer");
type AnsweredStream = ServerHttp2Stream & { [trailerKey]?: OutgoingHttpHeaders };

function sendKeptTrailers(this: AnsweredStream): void {
  this.sendTrailers(this[trailerKey] ?? plainTrailer);
}

/** `fixed` is what every answer says: names and values in turn, which Node sends with less ado than an object. */
export function sendAnswer(stream: AnsweredStream, fixed: readonly string[], answer: Answer): void {
  // The client went away: nobody hears an answer.
  if (stream.closed || stream.destroyed) return;
  const header = answer.header === undefined ? fixed.concat(plainFields) : { ...inPairs(fixed), ...answer.header };
  stream.respond(header, { waitForTrailers: true });
  stream[trailerKey] = answer.trailer;
  stream.on("wantTrailers", sendKeptTrailers);
  if (answer.frame === undefined) stream.end();
  else stream.end(answer.frame);
}

export function inPairs(fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1] ?? ""]] : [])));
}

/** Set-Cookie alone may stand in several lines. */
export function fieldsOf(headers: Headers): OutgoingHttpHeaders {
  const fields: OutgoingHttpHeaders = Object.fromEntries(headers);
  const cookies = headers.getSetCookie();
  return cookies.length > 0 ? { ...fields, "set-cookie": cookies } : fields;
}
