// How does a plain unary call of gRPC-Web stand on the wire? As one frame; in the answer a last one holds the trailers.

import type { OutgoingHttpHeaders } from "node:http2";

import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag, compressionNegotiate } from "@connectrpc/connect/protocol";
import {
  contentTypeProto,
  grpcStatusOk,
  headerAcceptEncoding,
  headerContentType,
  headerEncoding,
  headerGrpcStatus,
  headerTimeout,
  parseTimeout,
  setTrailerStatus,
  trailerFlag,
  trailerSerialize,
} from "@connectrpc/connect/protocol-grpc-web";

import { compressMinBytes, compressions } from "../compression.ts";
import { answerTextType, decodeWhole } from "../grpc-web-text.ts";
import { callHeaders } from "../request-headers.ts";
import type { CallLimits } from "../rpc.ts";
import type { Asked, HttpAnswer, HttpForm } from "./http-form.ts";
import { headBytes } from "./read-frame.ts";
import { fieldsOf } from "./send-answer.ts";

/** As Node names them. */
const [typeField, encodingField, acceptField, timeoutField] = [
  headerContentType,
  headerEncoding,
  headerAcceptEncoding,
  headerTimeout,
].map((name) => name.toLowerCase()) as [string, string, string, string];

const answerHeader = { [typeField]: contentTypeProto };
const answerTrailer = { [headerGrpcStatus]: grpcStatusOk };
const plainTrailer = trailerSerialize(new Headers(answerTrailer));
const plainTrailerFrame = framed(trailerFlag, plainTrailer);

/** By content type, as connect's own client and Google's send them. */
export function webForms(limits: CallLimits): ReadonlyMap<string, HttpForm> {
  const binary = webForm(limits, false);
  const text = webForm(limits, true);
  return new Map([
    ["application/grpc-web", binary],
    [contentTypeProto, binary],
    ["application/grpc-web-text", text],
    [answerTextType, text],
  ]);
}

function webForm(limits: CallLimits, isText: boolean): HttpForm {
  const frameBytes = headBytes + limits.readMaxBytes;
  const typeOfAnswer = isText ? answerTextType : contentTypeProto;
  const plainHeader = { [typeField]: typeOfAnswer };
  const plainFields = Object.entries(plainHeader).flat();

  return {
    protocolName: "grpc-web",
    answerHeader,
    answerTrailer,
    maxBodyBytes: isText ? Math.ceil(frameBytes / 3) * 4 : frameBytes,
    isUnpacked: ({ [encodingField]: encoding }) => encoding === undefined || encoding === "identity",
    timeoutOf: (headers) => parseTimeout(headers[timeoutField]?.toString() ?? null, limits.maxTimeoutMs),
    headerOf(headers) {
      const header = callHeaders(headers);
      if (isText) header.set(typeField, contentTypeProto);
      return header;
    },
    read(method, body) {
      const frame = isText ? decodeWhole(body) : body;
      return frame !== undefined && isOneFrame(frame, limits.readMaxBytes)
        ? method.codecs.getI(true).parse(frame.subarray(headBytes))
        : undefined;
    },
    answer: (method, message, asked) => answerOf(asked, method.codecs.getO(true).serialize(message)),
    fail(_, cause, asked) {
      const error = cause instanceof ConnectError ? cause : new ConnectError("internal error", Code.Internal);
      setTrailerStatus(asked.call.responseTrailer, error);
      return answerOf(asked);
    },
  };

  /** Without a message: a failure. */
  async function answerOf({ call, request }: Asked, message?: Uint8Array): Promise<HttpAnswer> {
    const { saidHeader, saidTrailer } = call;
    const names = request.headers[acceptField];
    const isPlain = names === undefined && saidHeader === undefined && saidTrailer === undefined;
    if (isPlain && message !== undefined) {
      const body = encoded([framed(0, message), plainTrailerFrame]);
      return { kind: "plain", fields: [...plainFields, "content-length", String(body.byteLength)], body };
    }
    const packing =
      names === undefined
        ? null
        : compressionNegotiate([...compressions], null, String(names), headerAcceptEncoding).response;
    const frame = async (flags: number, data: Uint8Array) => {
      const isPacked = packing !== null && data.byteLength >= compressMinBytes;
      return isPacked ? framed(flags | compressedFlag, await packing.compress(data)) : framed(flags, data);
    };
    const trailer = saidTrailer === undefined ? plainTrailer : trailerSerialize(saidTrailer);
    const frames = message === undefined ? [] : [await frame(0, message)];
    frames.push(await frame(trailerFlag, trailer));
    const body = encoded(frames);
    const header: OutgoingHttpHeaders = {
      ...(saidHeader === undefined ? plainHeader : { ...fieldsOf(saidHeader), ...plainHeader }),
      ...(packing === null ? {} : { [encodingField]: packing.name }),
      "content-length": String(body.byteLength),
    };
    return { kind: "any", status: 200, header, body };
  }

  /** Each frame by itself, padding included. */
  function encoded(frames: readonly Buffer[]): Buffer {
    return Buffer.concat(isText ? frames.map((one) => Buffer.from(one.toString("base64"), "latin1")) : frames);
  }
}

/** Plain, and nothing else. */
function isOneFrame(bytes: Buffer, maxBytes: number): boolean {
  if (bytes.byteLength < headBytes || bytes[0] !== 0) return false;
  const length = bytes.readUInt32BE(1);
  return length <= maxBytes && bytes.byteLength === headBytes + length;
}

function framed(flags: number, data: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + data.byteLength);
  frame.writeUInt8(flags, 0);
  frame.writeUInt32BE(data.byteLength, 1);
  frame.set(data, headBytes);
  return frame;
}
