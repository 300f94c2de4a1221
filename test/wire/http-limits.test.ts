// How large may a message be? As large as allowed to the byte, as sent and as unpacked, and what is refused is not read.

import { once } from "node:events";
import http2 from "node:http2";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { create, toBinary, toJsonString } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { compressionGzip, createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { CreateUserRequestSchema, GetUserRequestSchema, UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { serve } from "../../src/edge/http/served.ts";
import { ways } from "../support/call-ways.ts";
import { echoUsers } from "../support/echo-users.ts";
import { dataFrame, emptySettings, flag, postHead, preface, resetFrame } from "../support/raw-h2.ts";
import { openRawSocket } from "../support/raw-socket.ts";
import { startEdge } from "../support/start-edge.ts";

const readMaxBytes = 1000;
const path = "/rekey.v1.UserService/GetUser";

describe.each(ways)("$name", ({ name, open }) => {
  test.each([
    { over: -1, code: undefined },
    { over: 0, code: undefined },
    { over: 1, code: Code.ResourceExhausted },
  ])("a message of the bound and $over bytes", async ({ over, code }) => {
    const { url } = await startEdge({ served: [echoUsers()], rpc: { readMaxBytes } });
    const client = createClient(UserService, open(url));
    const userId = userIdFor(readMaxBytes + over, name.endsWith("JSON"));
    const failure = await client.getUser({ userId }).then(
      () => undefined,
      (cause: unknown) => ConnectError.from(cause),
    );
    expect(failure?.code).toBe(code);
  });
});

/** A user id with which the whole request is so many bytes long. */
function userIdFor(bytes: number, json: boolean): string {
  const size = (userId: string) => {
    const message = create(GetUserRequestSchema, { userId });
    return json ? toJsonString(GetUserRequestSchema, message).length : toBinary(GetUserRequestSchema, message).length;
  };
  // Field number and length take the same room here whatever the last byte.
  return "x".repeat(bytes - (size("x".repeat(500)) - 500));
}

describe("packed requests", () => {
  test("a small body that unpacks beyond the bound is refused over Connect", async () => {
    const { url } = await startEdge({ served: [echoUsers()], rpc: { readMaxBytes } });
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const packedWithin = gzipSync(JSON.stringify({ userId: "x".repeat(500) }));
    expect((await fetch(url + path, { method: "POST", headers, body: packedWithin })).status).toBe(200);
    const answer = await fetch(url + path, { method: "POST", headers, body: gzipSync(" ".repeat(100_000)) });
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ code: "resource_exhausted" });
  });

  test("and over gRPC", async () => {
    const { url: baseUrl } = await startEdge({ served: [echoUsers()], rpc: { readMaxBytes } });
    const sendCompression = compressionGzip;
    const client = createClient(UserService, createGrpcTransport({ baseUrl, sendCompression, compressMinBytes: 1 }));
    expect((await client.getUser({ userId: "x".repeat(500) })).user?.userId).toHaveLength(500);
    const failure = client.getUser({ userId: "x".repeat(100_000) });
    await expect(failure).rejects.toMatchObject({ code: Code.ResourceExhausted });
  });
});

// A client that is still sending must hear why, and not find its connection broken.
describe.each(["application/json", "application/proto", "application/grpc-web+proto"])(
  "an endless body, %s",
  (type) => {
    test("is refused with an answer over HTTP/1.1", async () => {
      const { url } = await startEdge({ served: [echoUsers()], rpc: { readMaxBytes } });
      const request = { method: "POST", headers: { "content-type": type }, body: endless(), duplex: "half" } as const;
      const answer = await fetch(url + path, request);
      expect(await answer.text()).toMatch(/resource_exhausted|grpc-status: 8/);
    });

    test("is refused with an answer over HTTP/2", async () => {
      const { url } = await startEdge({ served: [echoUsers()], rpc: { readMaxBytes } });
      const session = http2.connect(url);
      onTestFinished(() => session.destroy());
      const stream = session.request({ ":method": "POST", ":path": path, "content-type": type }, { endStream: false });
      Readable.fromWeb(endless()).pipe(stream);
      stream.on("error", () => undefined);
      let text = "";
      for await (const chunk of stream.setEncoding("latin1")) text += String(chunk);
      expect(text).toMatch(/resource_exhausted|grpc-status: 8/);
    });
  },
);

describe("the gate answers before the body is read", () => {
  const served = [echoUsers({ gate: closedGate })];

  test("over HTTP/1.1, to headers that promise a large body and bring none", async () => {
    const { port } = await startEdge({ served });
    const socket = await openRawSocket(port);
    await socket.send(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n`,
    );
    expect(await socket.received('"unauthenticated"')).toMatch(/^HTTP\/1\.1 401 /);
  });

  test.each(["application/json", "application/grpc-web+proto"])(
    "over HTTP/2 with %s, and ends the stream",
    async (type) => {
      const stream = await postWithoutBody(type);
      const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders & { ":status": number }];
      expect(headers[":status"]).toBe(type === "application/json" ? 401 : 200);
      stream.resume();
      await once(stream, "close");
      expect(stream.rstCode).toBe(http2.constants.NGHTTP2_NO_ERROR);
    },
  );

  test("over gRPC, and ends the stream", async () => {
    const stream = await postWithoutBody("application/grpc");
    stream.resume();
    const [trailers] = (await once(stream, "trailers")) as [http2.IncomingHttpHeaders];
    expect(trailers["grpc-status"]).toBe(String(Code.Unauthenticated));
    await once(stream, "close");
    expect(stream.rstCode).toBe(http2.constants.NGHTTP2_NO_ERROR);
  });

  async function postWithoutBody(type: string) {
    const { url } = await startEdge({ served });
    const session = http2.connect(url);
    onTestFinished(() => session.destroy());
    const headers = { ":method": "POST", ":path": path, "content-type": type, "content-length": "999999999999" };
    return session.request(headers, { endStream: false });
  }
});

// Half a message can be a valid one that says something else: here, a user without a display name.
test.each([
  ["as cancelled", http2.constants.NGHTTP2_CANCEL],
  ["without an error", http2.constants.NGHTTP2_NO_ERROR],
])("a call whose stream is reset %s in the middle of its message never reaches the handler", async (_, errorCode) => {
  const users: string[] = [];
  const createUser = ({ userName }: { userName: string }) => {
    users.push(userName);
    return { user: { userName: `created ${userName}` } };
  };
  const { port } = await startEdge({ served: [serve(UserService, { createUser })] });
  const [path, type] = ["/rekey.v1.UserService/CreateUser", "application/proto"];

  const socket = await openRawSocket(port);
  await socket.send(Buffer.concat([preface, emptySettings, postHead(1, path, type), dataFrame(1, half("ann"))]));
  await socket.send(resetFrame(1, errorCode));
  // A whole call after it on the same connection is answered later than it would be.
  await socket.send(Buffer.concat([postHead(3, path, type), dataFrame(3, half("bob"), flag.endStream)]));
  await socket.received("created bob");
  expect(users).toEqual(["bob"]);
});

function endless(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(0x7f)) });
}

function half(userName: string): Uint8Array {
  return toBinary(CreateUserRequestSchema, create(CreateUserRequestSchema, { userName }));
}

function closedGate(): never {
  throw new ConnectError("no key", Code.Unauthenticated);
}
