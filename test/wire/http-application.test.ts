// What happens to a request around the call itself? Its name, its protection, its way, and what it hears when lost.

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import http2 from "node:http2";
import { Code } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { addressKey, requestIdKey } from "../../src/edge/http/call-values.ts";
import { clientSignal, reply, type ExchangeHandler, type MaybeHandler } from "../../src/edge/http/exchange.ts";
import { serve } from "../../src/edge/http/served.ts";
import { echoUsers } from "../support/echo-users.ts";
import { openRawSocket } from "../support/raw-socket.ts";
import { startEdge } from "../support/start-edge.ts";

const getUser = "/rekey.v1.UserService/GetUser";
const json = { "content-type": "application/json" };

/** Answers with what the transport told the handler. */
const told = serve(UserService, {
  getUser: (_, { values }) => ({ user: { userId: values.get(requestIdKey), userName: values.get(addressKey) } }),
});

const ok: ExchangeHandler = (_, response) => reply(response, 200, { "content-type": "text/plain" }, "ok");

async function whatIsTold(url: string, headers: Record<string, string>) {
  const answer = await fetch(url + getUser, { method: "POST", headers: { ...json, ...headers }, body: "{}" });
  const { user } = (await answer.json()) as { user: { userId: string; userName: string } };
  return { requestId: user.userId, address: user.userName, header: answer.headers.get("x-request-id") };
}

describe("the request id", () => {
  test("of the sender is kept, told to the handler and sent back", async () => {
    const { url } = await startEdge({ served: [told] });
    const heard = await whatIsTold(url, { "x-request-id": "From-me_1.2" });
    expect(heard).toMatchObject({ requestId: "From-me_1.2", header: "From-me_1.2" });
  });

  // Guard: ASVS 5.0 16.4.1
  test.each(["", "x".repeat(65), "a b", "a;b", "ü", "one, two"])("%j of the sender is replaced", async (sent) => {
    const { url } = await startEdge({ served: [told] });
    const { requestId, header } = await whatIsTold(url, { "x-request-id": sent });
    expect(header).toMatch(/^[0-9a-f-]{36}$/);
    expect(requestId).toBe(header);
  });
});

// Guard: ASVS 5.0 15.3.4
describe("the client's address", () => {
  test.each([
    { hops: 0, forwarded: "203.0.113.7", address: "127.0.0.1" },
    { hops: 1, forwarded: "203.0.113.7", address: "203.0.113.7" },
    { hops: 1, forwarded: "198.51.100.1, 203.0.113.7", address: "203.0.113.7" },
    { hops: 2, forwarded: "198.51.100.1, 203.0.113.7,10.0.0.1", address: "203.0.113.7" },
    { hops: 2, forwarded: "203.0.113.7", address: "127.0.0.1" },
    { hops: 1, forwarded: "203.0.113.7, unknown", address: "127.0.0.1" },
    { hops: 1, forwarded: "2001:db8::1", address: "2001:db8::1" },
    { hops: 1, forwarded: "::ffff:203.0.113.7", address: "203.0.113.7" },
    { hops: 1, forwarded: "", address: "127.0.0.1" },
  ])("with $hops trusted hops and $forwarded is $address", async ({ hops, forwarded, address }) => {
    const { url } = await startEdge({ served: [told], application: { trustedHops: hops } });
    expect((await whatIsTold(url, { "x-forwarded-for": forwarded })).address).toBe(address);
  });
});

// Guard: ASVS 5.0 3.4.4, 3.4.5, 14.3.2
test.each(["/nowhere", "/hello", getUser])("the answer from %s is protected", async (path) => {
  const { url } = await startEdge({
    served: [echoUsers()],
    application: { routes: new Map([["POST /hello", ok]]) },
  });
  const { headers } = await fetch(url + path, { method: "POST", headers: json, body: "{}" });
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  // Only what comes over TLS may demand it.
  expect(headers.has("strict-transport-security")).toBe(false);
  expect(headers.has("x-powered-by")).toBe(false);
  expect(headers.has("server")).toBe(false);
});

describe("routes", () => {
  const routes = new Map([["GET /healthz", ok]]);

  test("are found by method and path, whatever the query, also in absolute form", async () => {
    const { url, port } = await startEdge({ application: { routes } });
    expect(await (await fetch(`${url}/healthz?x=1`)).text()).toBe("ok");
    const socket = await openRawSocket(port);
    await socket.send(`GET ${url}/healthz HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(await socket.received("\r\n\r\nok")).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("answer HEAD without a body", async () => {
    const { url } = await startEdge({ application: { routes } });
    const answer = await fetch(`${url}/healthz`, { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-length")).toBe("2");
    expect(await answer.text()).toBe("");
  });

  test("refuse other methods and name their own", async () => {
    const { url } = await startEdge({ application: { routes } });
    const answer = await fetch(`${url}/healthz`, { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
  });

  test("come before REST, and RPC too", async () => {
    const paths: string[] = [];
    const rest: MaybeHandler = async (_, __, { path }) => {
      paths.push(path);
      return false;
    };
    const { url } = await startEdge({ served: [echoUsers()], application: { routes, rest } });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(url + getUser, { method: "POST", headers: json, body: "{}" })).status).toBe(200);
    expect(paths).toEqual([]);
  });
});

describe("what nobody knows", () => {
  test.each(["GET", "POST", "DELETE"])("%s is not found, as google.rpc.Status", async (method) => {
    const { url } = await startEdge();
    const answer = await fetch(`${url}/v9/nothing`, { method });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual({ code: 5, message: "Not Found" });
  });

  test("REST is asked first, and what it takes is its own", async () => {
    const paths: string[] = [];
    const rest: MaybeHandler = async (_, response, { path }) => {
      paths.push(path);
      reply(response, 200);
      return true;
    };
    const { url } = await startEdge({ application: { rest } });
    expect((await fetch(`${url}/v1/users/a%2Fb?x=1`)).status).toBe(200);
    expect(paths).toEqual(["/v1/users/a%2Fb"]);
  });
});

// Guard: ASVS 5.0 16.5.1
describe("a fault", () => {
  const cause = new Error("the secret cause");

  test("in a handler is reported once with the request id, and the answer is blank", async () => {
    const rejecting: ExchangeHandler = () => Promise.reject(cause);
    const edge = await startEdge({ application: { routes: new Map([["GET /broken", rejecting]]) } });
    const answer = await fetch(`${edge.url}/broken`, { headers: { "x-request-id": "r-1" } });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ code: Code.Internal, message: "internal error" });
    expect(edge.faults).toEqual([{ cause, requestId: "r-1" }]);
  });

  const broken: ExchangeHandler = async (_, response) => {
    (response as ServerResponse).write("half");
    throw cause;
  };
  const halfway = new Map([["GET /broken", broken]]);

  test("after the answer began breaks it off over HTTP/1.1", async () => {
    const edge = await startEdge({ application: { routes: halfway } });
    const failure = fetch(`${edge.url}/broken`).then(async (answer) => answer.text());
    await expect(failure).rejects.toThrow(/terminated|fetch failed/);
    expect(edge.faults.map((fault) => fault.cause)).toEqual([cause]);
  });

  test("after the answer began breaks it off over HTTP/2", async () => {
    const edge = await startEdge({ application: { routes: halfway } });
    const session = http2.connect(edge.url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":path": "/broken" });
    await once(stream.resume(), "error");
    expect(stream.rstCode).toBe(http2.constants.NGHTTP2_INTERNAL_ERROR);
    expect(edge.faults.map((fault) => fault.cause)).toEqual([cause]);
  });
});

test("a client that goes away aborts its signal, and is no fault", async () => {
  const gone = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const wait: ExchangeHandler = (_, response) => {
    clientSignal(response).addEventListener("abort", () => gone.resolve());
    entered.resolve();
  };
  const edge = await startEdge({ application: { routes: new Map([["GET /wait", wait]]) } });
  const controller = new AbortController();
  const answer = fetch(`${edge.url}/wait`, { signal: controller.signal }).catch((cause: unknown) => cause);
  await entered.promise;
  controller.abort();
  await gone.promise;
  await answer;
  expect(edge.faults).toEqual([]);
});
