// How does an answer or an error leave over HTTP? With the metadata of the call, and a body that REST clients read.

import type { ServerResponse } from "node:http";

import type { Registry } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { reply, type HttpResponse } from "../http/exchange.ts";
import type { AnswerBody } from "./response.ts";
import { httpStatusOf, retryAfter, statusJson } from "./status.ts";

/** What belongs to the HTTP exchange and not to the call. HTTP/2 forbids the last five. Spec: RFC 9113 §8.2.2. */
const notMetadata = new Set([
  "content-type",
  "content-length",
  "content-encoding",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

export function setMetadata(response: HttpResponse, header: Headers, prefix = ""): void {
  for (const [name, value] of header) {
    if (notMetadata.has(name) || name === "set-cookie") continue;
    response.setHeader(`${prefix}${name}`, value);
  }
  const cookies = header.getSetCookie();
  if (prefix === "" && cookies.length > 0) response.setHeader("set-cookie", cookies);
}

/** HTTP trailers get lost on the way; a unary call's trailers go as headers, named as Connect names them. */
export function setTrailers(response: HttpResponse, trailer: Headers): void {
  setMetadata(response, trailer, "trailer-");
}

export function sendAnswer(response: HttpResponse, { contentType, bytes }: AnswerBody): void {
  reply(response, 200, { "content-type": contentType }, bytes);
}

/** With `said` before all else, as names and values in turn: what nearly all answers are, with less ado. */
export function sendPlain(response: HttpResponse, said: readonly string[], { contentType, bytes }: AnswerBody): void {
  const size = String(Buffer.byteLength(bytes));
  // Both versions take the same; only their overloads differ.
  const http1 = response as ServerResponse;
  http1.writeHead(200, [...said, "content-type", contentType, "content-length", size]).end(bytes);
}

/** `status` where HTTP knows a better word for the error than its code's. */
export function sendError(response: HttpResponse, error: ConnectError, registry?: Registry, status?: number): void {
  setMetadata(response, error.metadata);
  const after = retryAfter(error);
  if (after !== undefined) response.setHeader("retry-after", after);
  const headers = { "content-type": "application/json" };
  reply(response, status ?? httpStatusOf(error.code), headers, JSON.stringify(statusJson(error, registry)));
}
