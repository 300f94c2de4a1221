// What hears a client that asks for a method, version or verb that is not served? An answer in its own protocol.

import http2 from "node:http2";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

const unknownPaths = ["/rekey.v1.UserService/Nothing", "/some.Other/Method", "/__proto__.constructor/toString"];
const getUser = "/rekey.v1.UserService/GetUser";

function post(url: string, type: string, body: string | Uint8Array<ArrayBuffer> = "{}") {
  return fetch(url, { method: "POST", headers: { "content-type": type }, body });
}

describe.each(unknownPaths)("%s", (path) => {
  test("over gRPC is status 12 at once, without a body", async () => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const session = http2.connect(url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc+proto" });
    const [headers] = (await once(stream.end(), "response")) as [Record<string, string | number>];
    expect(headers).toMatchObject({
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-status": "12",
      "grpc-message": "this method is not served here",
    });
  });

  test.each([
    ["application/grpc-web+proto", (bytes: Buffer) => bytes],
    ["application/grpc-web-text", (bytes: Buffer) => Buffer.from(bytes.toString("latin1"), "base64")],
  ])("over %s is a trailer frame with status 12", async (type, decode) => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const answer = await post(url + path, type);
    expect(answer.headers.get("content-type")).toBe(type);
    const frame = decode(Buffer.from(await answer.arrayBuffer()));
    expect(frame.readUInt8(0)).toBe(0x80);
    expect(frame.readUInt32BE(1)).toBe(frame.length - 5);
    expect(frame.toString("latin1", 5)).toContain("grpc-status: 12\r\n");
  });

  test.each(["application/json", "application/proto"])("over Connect, %s, is 404 in JSON", async (type) => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const answer = await post(url + path, type);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual({ code: "unimplemented", message: "this method is not served here" });
  });

  test("over a Connect stream is its end, with the error", async () => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const answer = await post(url + path, "application/connect+json");
    expect(answer.status).toBe(200);
    const frame = Buffer.from(await answer.arrayBuffer());
    expect(frame.readUInt8(0)).toBe(0x02);
    expect(JSON.parse(frame.toString("utf8", 5))).toMatchObject({ error: { code: "unimplemented" } });
  });
});

test.each(["application/grpc", "application/grpc+proto", "application/grpc+json"])(
  "gRPC over HTTP/1.1, %s, is refused, also for a method that exists",
  async (type) => {
    const { url } = await startEdge({ served: [echoUsers()] });
    for (const path of [getUser, unknownPaths[0]]) {
      const answer = await post(`${url}${path}`, type, new Uint8Array(5));
      expect(answer.status).toBe(505);
      expect(await answer.json()).toMatchObject({ message: "gRPC needs HTTP/2" });
    }
  },
);

// Guard: ASVS 5.0 4.1.4
describe("a verb that a method does not have", () => {
  test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])("%s is 405 with those it has", async (method) => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const answer = await fetch(url + getUser, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")?.split(", ").toSorted()).toEqual(["GET", "POST"]);
  });

  // Guard: ASVS 5.0 3.5.3
  test("GET is not one of a method that changes something", async () => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const query = "?connect=v1&encoding=json&message=%7B%7D";
    const answer = await fetch(`${url}/rekey.v1.UserService/CreateUser${query}`);
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST");
  });

  test("GET is one of a method that changes nothing", async () => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const message = encodeURIComponent('{"userId":"ann"}');
    const answer = await fetch(`${url}${getUser}?connect=v1&encoding=json&message=${message}`);
    expect(await answer.json()).toEqual({ user: { userId: "ann" } });
  });
});

test("a host that no URL can be made of is refused", async () => {
  const edge = await startEdge({ served: [echoUsers()] });
  const session = http2.connect(edge.url);
  onTestFinished(() => session.destroy());
  const headers = { ":method": "POST", ":path": getUser, ":authority": "a:b:c", "content-type": "application/json" };
  const [answered] = (await once(session.request(headers).end("{}"), "response")) as [Record<string, unknown>];
  expect(answered[":status"]).toBe(400);
  expect(edge.faults).toEqual([]);
});
