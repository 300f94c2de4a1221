// How does a plain unary call of Connect stand on the wire? As the message itself; what fails is put into words by connect.

import type { Message } from "@bufbuild/protobuf";
import { createContextValues } from "@connectrpc/connect";
import { compressionNegotiate } from "@connectrpc/connect/protocol";
import {
  contentTypeUnaryJson,
  contentTypeUnaryProto,
  headerTimeout,
  headerUnaryAcceptEncoding,
  headerUnaryContentLength,
  headerUnaryEncoding,
  parseTimeout,
  trailerMux,
} from "@connectrpc/connect/protocol-connect";

import { byPreference, compressMinBytes, compressions } from "../compression.ts";
import { callHeaders } from "../request-headers.ts";
import { atItsPlace, type CallLimits } from "../rpc.ts";
import type { Served } from "../served.ts";
import type { UnaryCall } from "../unary-call.ts";
import { failureHandlers, failureKey } from "./connect-failure.ts";
import type { FastMethod } from "./fast-method.ts";
import type { HttpAnswer, HttpForm } from "./http-form.ts";
import { fieldsOf } from "./send-answer.ts";

/** As Node names it. */
const timeoutField = headerTimeout.toLowerCase();

/** By content type. */
export function connectForms(served: readonly Served[], limits: CallLimits): ReadonlyMap<string, HttpForm> {
  const failures = failureHandlers(served, limits);
  return new Map(
    [contentTypeUnaryJson, contentTypeUnaryProto].map((type) => [type, connectForm(type, limits, failures)]),
  );
}

function connectForm(type: string, limits: CallLimits, failures: ReturnType<typeof failureHandlers>): HttpForm {
  const isBinary = type === contentTypeUnaryProto;
  const answerHeader = { "content-type": type };
  const plainFields = Object.entries(answerHeader).flat();

  /** A text where it can be one: Node sends it in one piece with the headers. */
  function write(method: FastMethod, message: Message): Uint8Array | string {
    const text = isBinary ? undefined : method.writeJson(message);
    if (text !== undefined && Buffer.byteLength(text) <= limits.writeMaxBytes) return text;
    // In binary, or to say why not.
    return method.codecs.getO(isBinary).serialize(message);
  }

  return {
    protocolName: "connect",
    answerHeader,
    maxBodyBytes: limits.readMaxBytes,
    isUnpacked: () => true,
    timeoutOf: (headers) => parseTimeout(headers[timeoutField]?.toString() ?? null, limits.maxTimeoutMs),
    headerOf: callHeaders,
    read: (method, body) => (isBinary ? method.codecs.getI(true).parse(body) : method.readJson(body)),
    answer(method, message, { call, request }) {
      const written = write(method, message);
      const size = Buffer.byteLength(written);
      const accepted = request.headers["accept-encoding"];
      const isSmall = size < compressMinBytes || accepted === undefined;
      if (isSmall && call.saidHeader === undefined && call.saidTrailer === undefined) {
        return { kind: "plain", fields: [...plainFields, headerUnaryContentLength, String(size)], body: written };
      }
      const bytes = typeof written === "string" ? Buffer.from(written) : written;
      return answerWithMore(call, bytes, isSmall ? undefined : accepted);
    },
    /** As connect answers, from a call that fails at once with the same cause. */
    async fail(method, cause, { call, request }) {
      const header = callHeaders(request.headers);
      // They are about a message and a time that are over.
      for (const name of [headerUnaryContentLength, headerTimeout]) header.delete(name);
      const handle = failures.get(method.path);
      if (handle === undefined) throw cause;
      const answered = await handle({
        httpVersion: request.httpVersion,
        method: "POST",
        url: call.url,
        header,
        body: emptyMessage(isBinary),
        signal: new AbortController().signal,
        contextValues: createContextValues().set(failureKey, { call, cause }),
      });
      const { status, header: said, body } = atItsPlace(answered, call.values);
      return { kind: "any", status, header: fieldsOf(said ?? new Headers()), body: await bytesOf(body ?? []) };
    },
  };
}

/** Packed where the client accepts it, or with what was said beside the message. */
async function answerWithMore(call: UnaryCall, bytes: Uint8Array, accepted: string | undefined): Promise<HttpAnswer> {
  const compression =
    accepted === undefined
      ? null
      : compressionNegotiate([...compressions], null, byPreference(accepted), headerUnaryAcceptEncoding).response;
  const body = compression === null ? bytes : await compression.compress(bytes);
  const header = {
    ...fieldsOf(trailerMux(call.responseHeader, call.responseTrailer)),
    ...(compression === null ? {} : { [headerUnaryEncoding]: compression.name }),
    [headerUnaryContentLength]: String(body.byteLength),
  };
  return { kind: "any", status: 200, header, body };
}

async function* emptyMessage(isBinary: boolean): AsyncIterable<Uint8Array> {
  if (!isBinary) yield Buffer.from("{}");
}

async function bytesOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(chunks));
}
