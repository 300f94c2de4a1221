// Is a body read whole, within its bound, and in no other encoding than it should?

import http2 from "node:http2";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readBody, type Body } from "../../src/edge/http/body.ts";
import { reply, type ExchangeHandler } from "../../src/edge/http/exchange.ts";
import { dataFrame, emptySettings, postHead, preface, resetFrame } from "../support/raw-h2.ts";
import { openRawSocket } from "../support/raw-socket.ts";
import { startEdge } from "../support/start-edge.ts";

const maxBytes = 1000;

/** Answers with the outcome, and keeps it for who cannot hear. */
async function startReader() {
  const outcomes: Body[] = [];
  const seen = Promise.withResolvers<void>();
  const read: ExchangeHandler = async (request, response) => {
    const outcome = await readBody(request, maxBytes);
    outcomes.push(outcome);
    seen.resolve();
    reply(response, 200, {}, outcome.kind === "read" ? outcome.bytes : outcome.kind);
  };
  const edge = await startEdge({ application: { routes: new Map([["POST /", read]]) } });
  return { ...edge, outcomes, seen: seen.promise };
}

async function post(body: string | Uint8Array<ArrayBuffer>, encoding?: string): Promise<string> {
  const { url } = await startReader();
  const headers = encoding === undefined ? {} : { "content-encoding": encoding };
  return (await fetch(`${url}/`, { method: "POST", headers, body })).text();
}

/** Sends no content-length, so that only counting helps. */
async function stream(body: string): Promise<string> {
  const { url } = await startReader();
  const chunks = new Blob([body]).stream();
  return (await fetch(`${url}/`, { method: "POST", body: chunks, duplex: "half" })).text();
}

describe("a body", () => {
  test.each([
    { bytes: 0, kind: "" },
    { bytes: maxBytes - 1, kind: "x".repeat(maxBytes - 1) },
    { bytes: maxBytes, kind: "x".repeat(maxBytes) },
    { bytes: maxBytes + 1, kind: "too_large" },
    { bytes: 100 * maxBytes, kind: "too_large" },
  ])("of $bytes bytes is read up to the bound", async ({ bytes, kind }) => {
    expect(await post("x".repeat(bytes))).toBe(kind);
    expect(await stream("x".repeat(bytes))).toBe(kind);
  });

  test.each([
    { bytes: maxBytes, kind: "x".repeat(maxBytes) },
    { bytes: maxBytes + 1, kind: "too_large" },
    { bytes: 500_000, kind: "too_large" },
  ])("that unpacks to $bytes bytes is read up to the bound", async ({ bytes, kind }) => {
    expect(await post(gzipSync("x".repeat(bytes)), "GZIP")).toBe(kind);
  });

  test.each([
    ["br", "unknown_encoding"],
    ["gzip, gzip", "unknown_encoding"],
    ["gzip", "malformed"],
    ["identity", "plain"],
  ])("in encoding %s is %s", async (encoding, kind) => {
    expect(await post("plain", encoding)).toBe(kind);
  });

  test("that is packed and cut off is malformed", async () => {
    expect(await post(gzipSync("x".repeat(500)).subarray(0, -4), "gzip")).toBe("malformed");
  });

  test("whose sender goes away in the middle is cut short", async () => {
    const { port, outcomes, seen } = await startReader();
    const socket = await openRawSocket(port);
    await socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    socket.end();
    await seen;
    expect(outcomes).toEqual([{ kind: "cut_short" }]);
  });

  test.each([
    ["as cancelled", http2.constants.NGHTTP2_CANCEL],
    ["without an error", http2.constants.NGHTTP2_NO_ERROR],
  ])("whose stream is reset %s is cut short", async (_, errorCode) => {
    const { port, outcomes, seen } = await startReader();
    const socket = await openRawSocket(port);
    const half = dataFrame(1, Buffer.from("half"));
    await socket.send(Buffer.concat([preface, emptySettings, postHead(1, "/", "text/plain"), half]));
    await socket.send(resetFrame(1, errorCode));
    await seen;
    expect(outcomes).toEqual([{ kind: "cut_short" }]);
  });

  test("whose HTTP/2 connection breaks is cut short", async () => {
    const { port, outcomes, seen } = await startReader();
    const socket = await openRawSocket(port);
    const half = dataFrame(1, Buffer.from("half"));
    await socket.send(Buffer.concat([preface, emptySettings, postHead(1, "/", "text/plain"), half]));
    socket.end();
    await seen;
    expect(outcomes).toEqual([{ kind: "cut_short" }]);
  });
});
