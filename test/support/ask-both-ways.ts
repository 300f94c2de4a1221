// How does a test ask one edge with the short way and one without it the same, over either version of HTTP?

import { once } from "node:events";
import http from "node:http";
import http2, { type IncomingHttpHeaders } from "node:http2";

import { expect, onTestFinished } from "vitest";

import { dataFrame, emptySettings, postHead, preface, resetFrame } from "./raw-h2.ts";
import { openRawSocket } from "./raw-socket.ts";
import { parityUsers, type Seen } from "./parity-users.ts";
import { type Edge, startEdge } from "./start-edge.ts";

export const parityLimits = { readMaxBytes: 2000, writeMaxBytes: 3000, maxTimeoutMs: 60_000 };

export const getUserPath = "/rekey.v1.UserService/GetUser";

export type Asking = {
  readonly method?: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Without its length, in two pieces. */
  readonly isOpenEnded?: boolean;
};

export type Answer = {
  readonly status: number;
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: string;
};

export async function openWay(fastPath: boolean): Promise<{ readonly edge: Edge; readonly seen: Seen }> {
  const seen: Seen = { signals: [], calls: [] };
  const application = { allowedOrigins: ["https://app.example.org"] };
  return { seen, edge: await startEdge({ served: [parityUsers(seen)], rpc: parityLimits, fastPath, application }) };
}

/** The answer of both ways, which is the same; `compared` leaves out what the protocol does not fix. */
export async function askBothWays(
  asking: Asking,
  version: number,
  way: "fast" | "ordinary",
  compared: (answer: Answer) => Answer = (answer) => answer,
): Promise<Answer> {
  const [short, long] = [await openWay(true), await openWay(false)];
  const [taken, plain] = [await ask(short.edge, asking, version).answer, await ask(long.edge, asking, version).answer];
  expect(compared(taken)).toEqual(compared(plain));
  expect(short.seen.calls).toEqual(long.seen.calls);
  expect(short.edge.faults.map(({ cause }) => String(cause))).toEqual(
    long.edge.faults.map(({ cause }) => String(cause)),
  );
  expect(short.edge.ordinaryRequests()).toBe(way === "fast" ? 0 : 1);
  return taken;
}

export function ask(edge: Edge, { method = "POST", query = "", body, ...asking }: Asking, version: number) {
  const { isOpenEnded = false } = asking;
  const path = getUserPath + query;
  const length = isOpenEnded ? {} : { "content-length": String(body.byteLength) };
  const headers = { ...length, "accept-encoding": "identity", ...asking.headers };
  const write = (to: NodeJS.WritableStream) => {
    if (isOpenEnded) to.write(body.subarray(0, 1));
    to.end(isOpenEnded ? body.subarray(1) : body);
  };
  if (version === 1) {
    const request = http.request(edge.url + path, { method, headers, agent: false });
    request.on("error", () => undefined);
    write(request);
    const answer = once(request, "response").then(([response]: http.IncomingMessage[]) =>
      answered(response as http.IncomingMessage, response?.statusCode ?? 0, response?.headers ?? {}),
    );
    answer.catch(() => undefined);
    return { answer, leave: () => request.destroy() };
  }
  const session = http2.connect(edge.url).on("error", () => undefined);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": method, ":path": path, ...headers }).on("error", () => undefined);
  write(stream);
  const answer = once(stream, "response").then(([fields]: IncomingHttpHeaders[]) =>
    answered(stream, Number(fields?.[":status"]), fields ?? {}),
  );
  return { answer, leave: () => stream.close(http2.constants.NGHTTP2_CANCEL) };
}

/** A whole message in frames or chunks, and then no end of the request. */
export async function breakOff(edge: Edge, { headers, body }: Asking, version: number): Promise<void> {
  const socket = await openRawSocket(edge.port);
  const type = headers["content-type"] ?? "";
  const head = `POST ${getUserPath} HTTP/1.1\r\nhost: a\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
  const chunk = [Buffer.from(`${head}${body.byteLength.toString(16)}\r\n`), body, Buffer.from("\r\n")];
  const frames = [preface, emptySettings, postHead(1, getUserPath, type), dataFrame(1, body)];
  await socket.send(Buffer.concat(version === 1 ? chunk : frames));
  await expect.poll(() => edge.requests()).toBe(1);
  if (version === 2) await socket.send(resetFrame(1, http2.constants.NGHTTP2_NO_ERROR));
  socket.end();
}

async function answered(stream: NodeJS.ReadableStream, status: number, fields: IncomingHttpHeaders): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  // What is new in every answer.
  const header = { ...fields, date: "now", "x-request-id": "a new one" };
  return { status, header, body: Buffer.concat(chunks).toString("latin1") };
}
