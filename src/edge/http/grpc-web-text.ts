// How do we speak application/grpc-web-text? As gRPC-Web in base64, which connect itself refuses.

import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalHandlerFn } from "@connectrpc/connect/protocol";

const textType = /^application\/grpc-web-text(?:\+proto)?$/i;
const binaryType = "application/grpc-web+proto";
export const answerTextType = "application/grpc-web-text+proto";

export function isGrpcWebText(contentType: string): boolean {
  return textType.test(contentType);
}

/** Google's grpc-web client sends this in its default mode. Spec: PROTOCOL-WEB.md of grpc. */
export function inBase64(handle: UniversalHandlerFn): UniversalHandlerFn {
  return async (request) => {
    const header = new Headers(request.header);
    header.set("content-type", binaryType);
    const body = decodeBase64(request.body as AsyncIterable<Uint8Array>);
    const answer = await handle({ ...request, header, body });
    if (answer.header?.get("content-type") !== binaryType) return answer;
    answer.header.set("content-type", answerTextType);
    return answer.body === undefined ? answer : { ...answer, body: encodeBase64(answer.body) };
  };
}

/** Undefined for a body that is not one piece of base64. */
export function decodeWhole(body: Buffer): Buffer | undefined {
  const text = body.toString("latin1");
  return isPiece(text) ? Buffer.from(text, "base64") : undefined;
}

/** Each chunk by itself, padding included, so that a stream's messages are readable as they come. */
async function* encodeBase64(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(Buffer.from(chunk).toString("base64"), "latin1");
}

/** Four characters are three bytes; what is left of a chunk waits for the next. */
async function* decodeBase64(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let text = "";
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString("latin1");
    const whole = text.length - (text.length % 4);
    if (whole > 0) yield decodeGroups(text.slice(0, whole));
    text = text.slice(whole);
  }
  if (text !== "") throw notBase64();
}

/** A client that encodes piece by piece pads in the middle too. Spec: PROTOCOL-WEB.md, "base64 encoded chunks". */
function decodeGroups(text: string): Uint8Array {
  const pieces = text.match(/[^=]+={0,2}/g) ?? [];
  if (pieces.join("") !== text || !pieces.every((piece) => isPiece(piece))) throw notBase64();
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64")));
}

function isPiece(piece: string): boolean {
  return piece.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(piece);
}

function notBase64(): ConnectError {
  return new ConnectError("the body is not base64", Code.InvalidArgument);
}
