// Does an edge that is no RPC answer as it should, over HTTP/1.1 and HTTP/2 alike?

import { once } from "node:events";
import http2 from "node:http2";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { callerKey } from "../../src/edge/http/caller-value.ts";
import type { CallEnd } from "../../src/edge/http/observe-calls.ts";
import {
  eventKey,
  PlainRefusal,
  type PlainHandler,
  type PlainRequest,
  type PlainWords,
} from "../../src/edge/http/plain-call.ts";
import { plainRouteTable } from "../../src/edge/http/plain-route.ts";
import { servePlain, type PlainOptions } from "../../src/edge/http/serve-plain.ts";
import { Outage } from "../../src/outage.ts";
import type { Caller } from "../../src/reset/caller.ts";
import { Refusal } from "../../src/reset/refusal.ts";
import { openRawSocket } from "../support/raw-socket.ts";
import { startEdge } from "../support/start-edge.ts";

const maxBodyBytes = 1000;

const words: PlainWords = {
  refusal: ({ reason }) => ({ status: reason === "rate_limited" ? 429 : 403, body: reason }),
  unreadable: (problem) => ({ status: 400, body: problem }),
  wrongMethod: () => ({ status: 405, body: "not so" }),
  outage: () => ({ status: 503, body: "later" }),
  fault: () => ({ status: 500, body: "blank" }),
};

const caller: Partial<Caller> = { id: "somebody" };

function letIn({ values }: PlainRequest): void {
  values.set(callerKey, caller as Caller);
}

async function startPlain(handler: PlainHandler, options: Partial<PlainOptions> = {}) {
  const ends: CallEnd[] = [];
  const faults: unknown[] = [];
  const observer = { ended: (end: CallEnd) => void ends.push(end), fault: (cause: unknown) => void faults.push(cause) };
  const routes = [
    { method: "POST", path: "/plain/{name}", event: "password.set", handler },
    { method: "PUT", path: "/plain/{name}", event: "password.set", handler },
  ] as const;
  const plain = [servePlain({ routes, words }, { observer, maxBodyBytes, ...options })];
  const edge = await startEdge({ application: { plain } });
  return { ...edge, ends, faults, audited: () => ends.map(({ event, outcome, reason }) => [event, outcome, reason]) };
}

type Sent = {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
};
type Heard = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: string };

async function overHttp1(url: string, { method = "POST", headers = {}, body }: Sent): Promise<Heard> {
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

async function overHttp2(url: string, { method = "POST", headers = {}, body }: Sent): Promise<Heard> {
  const { origin, pathname, search } = new URL(url);
  const session = http2.connect(origin);
  try {
    const stream = session.request({ ":method": method, ":path": pathname + search, ...headers });
    stream.end(body);
    const [answered] = (await once(stream, "response")) as [Record<string, unknown>];
    return { status: Number(answered[":status"]), headers: answered, body: await text(stream) };
  } finally {
    session.destroy();
  }
}

describe.each([
  { version: "HTTP/1.1", ask: overHttp1 },
  { version: "HTTP/2", ask: overHttp2 },
])("over $version", ({ ask }) => {
  test("a handler gets path, query, headers and body, and its answer leaves as it made it", async () => {
    const { url } = await startPlain(async (request) => {
      const body = Buffer.from(await request.readBody()).toString();
      const told = [request.parameters["name"], request.query, request.headers.get("x-key"), body].join("|");
      return { status: 201, headers: { "x-answer": "yes" }, body: told };
    });
    const heard = await ask(`${url}/plain/a%2Fb?one=%201&two`, { headers: { "X-Key": "k" }, body: "sent" });
    expect(heard).toMatchObject({ status: 201, body: "a/b|one=%201&two|k|sent" });
    expect(heard.headers).toMatchObject({ "x-answer": "yes", "cache-control": "no-store" });
  });

  test("an answer without a body has none", async () => {
    const { url } = await startPlain(async () => ({ status: 204 }));
    expect(await ask(`${url}/plain/a`, {})).toMatchObject({ status: 204, body: "" });
  });

  test.each(["/plain", "/plain/", "/plain/a/b", "/plane/a", "/plain/%"])("%s is not its own", async (path) => {
    const { url, ends } = await startPlain(async () => ({ status: 200 }));
    const heard = await ask(url + path, {});
    expect([heard.status, JSON.parse(heard.body)]).toEqual([404, { code: 5, message: "Not Found" }]);
    expect(ends).toEqual([]);
  });

  test("another method hears which there are", async () => {
    const { url } = await startPlain(async () => ({ status: 200 }));
    const heard = await ask(`${url}/plain/a`, { method: "DELETE" });
    expect(heard).toMatchObject({ status: 405, body: "not so", headers: { allow: "POST, PUT" } });
  });

  // Guard: ASVS 5.0 15.2.2
  test.each([
    { name: "too long", sent: { body: "x".repeat(maxBodyBytes + 1) }, problem: "too_large" },
    { name: "a packed bomb", sent: gzip("x".repeat(100 * maxBodyBytes)), problem: "too_large" },
    {
      name: "packed otherwise",
      sent: { body: "x", headers: { "content-encoding": "br" } },
      problem: "unknown_encoding",
    },
    { name: "not packed", sent: { body: "x", headers: { "content-encoding": "gzip" } }, problem: "malformed" },
  ])("a body that is $name is refused in the edge's words", async ({ sent, problem }) => {
    const { url, audited } = await startPlain(async (request) => {
      letIn(request);
      await request.readBody();
      return { status: 200 };
    });
    expect(await ask(`${url}/plain/a`, sent)).toMatchObject({ status: 400, body: problem });
    expect(audited()).toEqual([["password.set", "refused", problem]]);
  });

  test("a packed body is unpacked", async () => {
    const { url } = await startPlain(async (request) => ({ status: 200, body: await request.readBody() }));
    expect(await ask(`${url}/plain/a`, gzip("hello"))).toMatchObject({ body: "hello" });
  });

  test.each([
    {
      name: "a refusal",
      cause: new Refusal({ reason: "code_wrong" }),
      heard: { status: 403, body: "code_wrong" },
      audit: ["password.set", "refused", "code_wrong"],
      faults: 0,
    },
    {
      name: "a limit",
      cause: new Refusal({ reason: "rate_limited", limit: "a.b", retryAfterMs: 1200 }),
      heard: { status: 429, headers: { "retry-after": "2" } },
      audit: ["password.set", "refused", "rate_limited"],
      faults: 0,
    },
    {
      name: "the edge's own no",
      cause: new PlainRefusal({ status: 418, body: "teapot" }, "field_invalid"),
      heard: { status: 418, body: "teapot" },
      audit: ["password.set", "refused", "field_invalid"],
      faults: 0,
    },
    {
      name: "an outage",
      cause: new Outage("redis", { cause: "gone" }),
      heard: { status: 503, body: "later", headers: { "retry-after": "1" } },
      audit: ["password.set", "failed", "redis"],
      faults: 1,
    },
    {
      name: "a fault",
      cause: new Error("s3cret"),
      heard: { status: 500, body: "blank" },
      audit: ["password.set", "failed", "fault"],
      faults: 1,
    },
  ])("$name leaves in the edge's words and is on record", async ({ cause, heard, audit, faults }) => {
    const edge = await startPlain(async (request) => {
      letIn(request);
      throw cause;
    });
    expect(await ask(`${edge.url}/plain/a`, {})).toMatchObject(heard);
    expect(edge.audited()).toEqual([audit]);
    expect(edge.faults).toHaveLength(faults);
  });

  test("a handler that does not come to an end is an outage", async () => {
    const never = Promise.withResolvers<never>().promise;
    const { url, audited } = await startPlain(async () => await never, { timeoutMs: 20 });
    expect(await ask(`${url}/plain/a`, {})).toMatchObject({ status: 503, body: "later" });
    expect(audited()).toEqual([["password.set", "failed", "deadline"]]);
  });
});

// Guard: ASVS 5.0 16.3.1
test("who is not let in is on record as turned away", async () => {
  const { url, audited } = await startPlain(async () => {
    throw new PlainRefusal({ status: 401 }, "unauthenticated");
  });
  await overHttp1(`${url}/plain/a`, {});
  expect(audited()).toEqual([["call.rejected", "refused", "unauthenticated"]]);
});

test("a handler says what its call turned out to be", async () => {
  const { url, audited } = await startPlain(async ({ values }) => {
    values.set(eventKey, "password.set_with_code");
    return { status: 200 };
  });
  await overHttp1(`${url}/plain/a`, {});
  expect(audited()).toEqual([["password.set_with_code", "done", undefined]]);
});

test("a client that leaves in the middle of its body is neither answered nor on record", async () => {
  const left = Promise.withResolvers<void>();
  const { url, port, ends, faults } = await startPlain(async (request) => {
    try {
      return { status: 200, body: await request.readBody() };
    } finally {
      left.resolve();
    }
  });
  const socket = await openRawSocket(port);
  await socket.send("POST /plain/a HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf");
  socket.end();
  await left.promise;
  // Another call comes to its end after it.
  await overHttp1(`${url}/plain/a`, { body: "whole" });
  expect(ends.map(({ outcome }) => outcome)).toEqual(["done"]);
  expect(faults).toEqual([]);
});

describe("routes", () => {
  const handler = async () => ({ status: 200 });

  test("a fixed text goes before a parameter, whichever stands first", () => {
    const find = plainRouteTable([
      { method: "GET", path: "/users/{id}", handler },
      { method: "GET", path: "/users/me", handler },
    ]);
    expect(find("GET", "/users/me")).toMatchObject({ route: { path: "/users/me" }, parameters: {} });
    expect(find("GET", "/users/you")).toMatchObject({ route: { path: "/users/{id}" }, parameters: { id: "you" } });
  });

  test("that want the same requests stop the start", () => {
    const routes = ["/users/{id}", "/users/{name}"].map((path) => ({ method: "GET", path, handler }));
    expect(() => plainRouteTable(routes)).toThrow("another route wants what GET /users/{name} does");
  });

  test("a dot in a path is a dot", () => {
    const find = plainRouteTable([{ method: "GET", path: "/v1.0/users", handler }]);
    expect(find("GET", "/v1x0/users").kind).toBe("unknown");
  });
});

function gzip(body: string): Sent {
  return { body: gzipSync(body), headers: { "content-encoding": "gzip" } };
}
