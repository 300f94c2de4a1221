// In which order may a deadline, an answer and a client that leaves come? In any: both ways of a Connect call end it alike.

import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import http2, { type IncomingHttpHeaders } from "node:http2";
import { text } from "node:stream/consumers";

import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";

import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { endAtDeadline } from "../../src/edge/http/deadline.ts";
import { serve } from "../../src/edge/http/served.ts";
import { dataFrame, emptySettings, flag, frame, frameType, headerBlock, preface } from "../support/raw-h2.ts";
import { openRawSocket } from "../support/raw-socket.ts";
import { type Edge, startEdge } from "../support/start-edge.ts";

const path = "/rekey.v1.UserService/GetUser";
const body = Buffer.from('{"userId":"ann"}');
const deadlineMs = 10_000;
const callHeaders = {
  "content-type": "application/json",
  "content-length": String(body.byteLength),
  "connect-timeout-ms": String(deadlineMs),
};

/** A deadline passes when the test says so, and never by itself: however slow the machine, an order is an order. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());
const passDeadline = () => void vi.advanceTimersByTime(deadlineMs);

/** What happens to a call at its stations. */
type Scene = {
  readonly gate?: () => void;
  readonly handler?: (signal: AbortSignal) => void | Promise<void>;
  readonly afterHandler?: () => void;
};

const forEver = () => new Promise<never>(() => undefined);
const fail = () => {
  throw new ConnectError("gone", Code.NotFound);
};
/** One after the other. */
const both = (first: () => void, second: () => void | Promise<void>) => () => {
  first();
  return second();
};

const timedOut = { status: 504, body: '{"code":"deadline_exceeded","message":"the operation timed out"}' };
const answered = { status: 200, body: '{"user":{"userId":"ann"}}' };
const failed = { status: 404, body: '{"code":"not_found","message":"gone"}' };

type Order = { readonly name: string; readonly scene: Scene; readonly answer: Answer; readonly works: number };

const orders: readonly Order[] = [
  { name: "passes in its gate", scene: { gate: passDeadline }, answer: timedOut, works: 0 },
  { name: "passes in its handler", scene: { handler: both(passDeadline, forEver) }, answer: timedOut, works: 1 },
  { name: "passes before its handler answers", scene: { handler: passDeadline }, answer: timedOut, works: 1 },
  { name: "passes before its handler fails", scene: { handler: both(passDeadline, fail) }, answer: timedOut, works: 1 },
  {
    name: "makes its handler answer",
    scene: {
      handler: (signal) =>
        both(
          () => setImmediate(passDeadline),
          () => ended(signal),
        )(),
    },
    answer: timedOut,
    works: 1,
  },
  {
    name: "makes its handler fail",
    scene: {
      handler: (signal) =>
        both(
          () => setImmediate(passDeadline),
          () => ended(signal).then(fail),
        )(),
    },
    answer: timedOut,
    works: 1,
  },
  {
    name: "passes in the turn of its answer",
    scene: { handler: () => queueMicrotask(passDeadline) },
    answer: timedOut,
    works: 1,
  },
  { name: "passes after its answer", scene: { afterHandler: passDeadline }, answer: answered, works: 1 },
  { name: "passes after its failure", scene: { handler: fail, afterHandler: passDeadline }, answer: failed, works: 1 },
  { name: "is not reached by its answer", scene: {}, answer: answered, works: 1 },
  { name: "is not reached by its failure", scene: { handler: fail }, answer: failed, works: 1 },
];

const ways = ["fast", "ordinary"].flatMap((way) => [1, 2].map((version) => ({ way, version })));
const inEveryWay = <T>(cases: readonly T[]) => cases.flatMap((one) => ways.map((way) => ({ ...one, ...way })));

test.each(inEveryWay(orders))(
  "a call whose deadline $name, over HTTP/$version, the $way way",
  async ({ way, version, scene, answer, works }) => {
    const { edge, seen } = await open(way, scene);
    const call = begin(edge, version);
    call.request.end(body);
    expect(await call.answer()).toEqual(answer);
    expect((await seen.signal).aborted).toBe(true);
    expect(seen.works).toBe(works);
    expect(edge.faults).toEqual([]);
  },
);

test.each(ways)("a call whose deadline was over before it came, over HTTP/$version, the $way way", async (one) => {
  const { edge, seen } = await open(one.way, {});
  const call = begin(edge, one.version, { "connect-timeout-ms": "0" });
  call.request.end(body);
  expect(await call.answer()).toEqual(timedOut);
  expect(seen.works).toBe(0);
});

test.each(ways)("a call whose deadline passes in its body, over HTTP/$version, the $way way", async (one) => {
  const { edge, seen } = await open(one.way, {});
  const call = begin(edge, one.version);
  call.request.write(body.subarray(0, 3));
  await seen.signal;
  passDeadline();
  call.request.end(body.subarray(3));
  expect(await call.answer()).toEqual(timedOut);
  expect(seen.works).toBe(0);
  expect(edge.faults).toEqual([]);
});

const leaves: readonly Omit<Order, "answer">[] = [
  { name: "is in its body", scene: {}, works: 0 },
  { name: "is answered", scene: { handler: ended }, works: 1 },
  { name: "fails", scene: { handler: (signal) => ended(signal).then(fail) }, works: 1 },
  {
    name: "passes its deadline and is answered",
    scene: { handler: (signal) => ended(signal).then(passDeadline) },
    works: 1,
  },
  {
    name: "passes its deadline and fails",
    scene: { handler: (signal) => ended(signal).then(both(passDeadline, fail)) },
    works: 1,
  },
];

test.each(inEveryWay(leaves))(
  "a client that leaves before its call $name, over HTTP/$version, the $way way",
  async ({ way, version, scene, works }) => {
    const { edge, seen } = await open(way, scene);
    const call = begin(edge, version);
    if (works > 0) call.request.end(body);
    else call.request.write(body.subarray(0, 3));
    const signal = await seen.signal;
    if (works > 0) await seen.atWork;
    call.leave();
    await ended(signal);
    expect(ConnectError.from(signal.reason).code).toBe(Code.Canceled);
    // A fault of it would be told by the time that another call is answered.
    await begin(edge, version, { "x-other": "yes" }, body).answer();
    expect(seen.works).toBe(works);
    expect(edge.faults).toEqual([]);
  },
);

test.each(ways)("a client that leaves at the deadline, over HTTP/$version, the $way way", async ({ way, version }) => {
  const { edge, seen } = await open(way, { handler: forEver });
  const call = begin(edge, version);
  call.request.end(body);
  await seen.atWork;
  passDeadline();
  call.leave();
  await begin(edge, version, { "x-other": "yes" }, body).answer();
  expect((await seen.signal).aborted).toBe(true);
  expect(edge.faults).toEqual([]);
});

test.each([
  { name: "answer", scene: {}, said: answered.body },
  { name: "exceeded deadline", scene: { handler: both(passDeadline, forEver) }, said: timedOut.body },
])("over HTTP/2 the last bytes of an $name say that they are the last, the fast way", async ({ scene, said }) => {
  const { edge } = await open("fast", scene);
  const socket = await openRawSocket(edge.port);
  const head = { ":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost", ...callHeaders };
  const call = [frame(frameType.headers, flag.endHeaders, 1, headerBlock(head)), dataFrame(1, body, flag.endStream)];
  await socket.send(Buffer.concat([preface, emptySettings, ...call]));
  expect(await socket.received(said)).toContain(dataFrame(1, Buffer.from(said), flag.endStream).toString("latin1"));
});

async function ended(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

/** A call with the header `x-other` is answered at once, and not seen. */
async function open(way: string, scene: Scene) {
  const signal = Promise.withResolvers<AbortSignal>();
  const atWork = Promise.withResolvers<void>();
  const seen = { signal: signal.promise, atWork: atWork.promise, works: 0 };
  const isOther = (header: Headers) => header.has("x-other");
  const then: Interceptor = (next) => async (request) =>
    next(request).finally(() => (isOther(request.header) ? undefined : scene.afterHandler?.()));
  const served = serve(
    UserService,
    {
      getUser: async ({ userId }, context) => {
        if (isOther(context.requestHeader)) return {};
        seen.works += 1;
        atWork.resolve();
        await scene.handler?.(context.signal);
        return { user: { userId } };
      },
    },
    {
      gate: (context) => {
        if (isOther(context.requestHeader)) return;
        signal.resolve(context.signal);
        scene.gate?.();
      },
      interceptors: [then, endAtDeadline],
    },
  );
  return { seen, edge: await startEdge({ served: [served], fastPath: way === "fast" }) };
}

type Answer = { readonly status: number; readonly body: string };

/** Each call on a connection of its own. */
function begin(edge: Edge, version: number, more: Readonly<Record<string, string>> = {}, whole?: Buffer) {
  const headers = { ...callHeaders, ...more };
  if (version === 1) {
    const request = http.request(edge.url + path, { method: "POST", headers, agent: false });
    request.on("error", () => undefined);
    request.flushHeaders();
    if (whole !== undefined) request.end(whole);
    const answer = async (): Promise<Answer> => {
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return { status: response.statusCode ?? 0, body: await text(response) };
    };
    return { request, answer, leave: () => request.destroy() };
  }
  const session = http2.connect(edge.url).on("error", () => undefined);
  onTestFinished(() => session.destroy());
  const request = session.request({ ":method": "POST", ":path": path, ...headers }).on("error", () => undefined);
  if (whole !== undefined) request.end(whole);
  const answer = async (): Promise<Answer> => {
    const [fields] = (await once(request, "response")) as [IncomingHttpHeaders];
    return { status: Number(fields[":status"]), body: await text(request) };
  };
  return { request, answer, leave: () => request.close(http2.constants.NGHTTP2_CANCEL) };
}
