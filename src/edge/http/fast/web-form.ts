// How does a plain unary call of gRPC-Web stand on the wire? As one frame; in the answer a last one holds the trailers.

import type { OutgoingHttpHeaders } from "node:http2";

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

import { compressMinBytes } from "../compression.ts";
import { answerTextType, decodeWhole } from "../grpc-web-text.ts";
import { inWords } from "../internal-error.ts";
import { callHeaders } from "../request-headers.ts";
import type { CallLimits } from "../rpc.ts";
import { acceptedPacking, frameOf, headBytes, plainFrameBytes } from "./grpc-frame.ts";
import type { Asked, HttpAnswer, HttpForm } from "./http-form.ts";
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
const plainTrailerFrame = frameOf(plainTrailer, false, trailerFlag);

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
    answer(method, message, asked) {
      const { saidHeader, saidTrailer } = asked.call;
      const bytes = method.codecs.getO(true).serialize(message);
      const isPlain = asked.request.headers[acceptField] === undefined;
      if (!isPlain || saidHeader !== undefined || saidTrailer !== undefined) return answerWithMore(asked, bytes);
      const body = encoded([frameOf(bytes), plainTrailerFrame]);
      return { kind: "plain", fields: [...plainFields, "content-length", String(body.byteLength)], body };
    },
    fail(_, cause, asked) {
      setTrailerStatus(asked.call.responseTrailer, inWords(cause));
      return answerWithMore(asked);
    },
  };

  /** Packed where the client accepts it, or with what was said beside the message. Without a message: a failure. */
  async function answerWithMore({ call, request }: Asked, message?: Uint8Array): Promise<HttpAnswer> {
    const { saidHeader, saidTrailer } = call;
    const packing = acceptedPacking(request.headers[acceptField]);
    const frame = async (flags: number, data: Uint8Array) => {
      const isPacked = packing !== null && data.byteLength >= compressMinBytes;
      return frameOf(isPacked ? await packing.compress(data) : data, isPacked, flags);
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
  return bytes.byteLength >= headBytes && bytes.byteLength === plainFrameBytes(bytes, maxBytes);
}
