// Does every kind of google.api.http rule answer over real HTTP as REST clients expect?

import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { serve, type ServeOptions } from "../../src/edge/http/served.ts";
import { makeRestHandler, type RestOptions } from "../../src/edge/rest/rest-handler.ts";
import { Shelf } from "../fixtures/gen/rest_cases_pb.ts";
import { startEdge, type Edge } from "../support/start-edge.ts";

type Start = { serve?: ServeOptions; rest?: Partial<RestOptions>; abandoned?: () => void };

/** Echoes most things; a text of "throw" and the like asks for what can go wrong. */
async function start({ serve: serveOptions = {}, rest = {}, abandoned = () => {} }: Start = {}): Promise<Edge> {
  const faults: { cause: unknown; requestId: string }[] = [];
  const shelf = serve(
    Shelf,
    {
      get(request, context) {
        if (request.text === "throw") throw new Error("a secret of the inside");
        if (request.text === "late") throw tooLate(context.signal);
        if (request.text === "busy") throw busy();
        context.responseHeader.set("x-kind", context.protocolName);
        context.responseHeader.append("set-cookie", "a=1");
        context.responseHeader.append("set-cookie", "b=2");
        context.responseHeader.set("content-type", "text/evil");
        context.responseTrailer.set("x-cost", "3");
        if (request.text === "timeout") return { text: String(context.timeoutMs() !== undefined) };
        return request;
      },
      whole: (request) => request,
      child: (request) => request,
      texts: (request) => request,
      labels: (request) => request,
      text: (request) => request,
      upload: ({ contentType, data }) => ({ contentType: contentType.toUpperCase(), data: data.toReversed() }),
      uploadField: (request) => request,
      async *count({ int32, text }, context) {
        context.responseHeader.set("x-kind", "stream");
        try {
          for (let number = 1; number <= int32; number++) {
            if (text === `break${number}`) throw new ConnectError("broken off", Code.Aborted);
            if (text === `throw${number}`) throw new Error("a secret of the inside");
            yield { int32: number };
          }
          if (text === "wait") await once(context.signal, "abort");
        } finally {
          abandoned();
        }
      },
      async *pour({ int32, text }) {
        for (let number = 1; number <= int32; number++) {
          if (text === `break${number}`) throw new ConnectError("broken off", Code.Aborted);
          yield { contentType: "text/csv", data: Buffer.from(`row ${number}\n`) };
        }
      },
    },
    serveOptions,
  );
  const onFault = (cause: unknown, requestId: string) => void faults.push({ cause, requestId });
  const { take, handle } = makeRestHandler({ served: [shelf], onFault, ...rest });
  const edge = await startEdge({ application: { takers: [take], rest: handle } });
  return { ...edge, faults };
}

function tooLate(signal: AbortSignal): ConnectError {
  return new ConnectError(`aborted: ${signal.aborted}`, Code.DeadlineExceeded);
}

function busy(): ConnectError {
  return new ConnectError("come back later", Code.ResourceExhausted, { "x-why": "busy", "content-length": "1" }, [
    { desc: ErrorInfoSchema, value: { reason: "BUSY", domain: "test", metadata: { a: "b" } } },
    { desc: RetryInfoSchema, value: { retryDelay: durationFromMs(1200) } },
  ]);
}

function nobodyMay(): never {
  throw new ConnectError("who are you?", Code.Unauthenticated, { "www-authenticate": "Bearer" });
}

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

async function send(edge: Edge, line: string, body: string | Uint8Array = "", headers = {}): Promise<Answer> {
  const [method, path] = line.split(" ");
  const request = httpRequest({ port: edge.port, host: "127.0.0.1", method, path, headers, agent: false });
  request.end(body);
  const [response] = await once(request, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

const json = { "content-type": "application/json" };

describe("an answer", () => {
  test("is the message in proto3 JSON, with the call's headers and its trailers as headers", async () => {
    const { status, headers, body } = await send(await start(), "GET /t/get/x?int64=5&color=COLOR_RED");
    expect(status).toBe(200);
    expect(body).toBe(`{"text":"x","int64":"5","color":"COLOR_RED"}`);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "content-length": String(body.length),
      "x-kind": "rest",
      "trailer-x-cost": "3",
      "set-cookie": ["a=1", "b=2"],
    });
  });

  test("reaches the same method by each binding", async () => {
    const edge = await start();
    for (const line of [
      "GET /t/get/x",
      "HEAD /t/get/x",
      "PURGE /t/any?text=x",
      "REPORT /t/report?text=x",
      "GET /t/get/x:peek",
    ]) {
      expect(await send(edge, line)).toMatchObject({
        status: 200,
        body: line.startsWith("HEAD") ? "" : `{"text":"x"}`,
      });
    }
    expect(await send(edge, "GET /t/get/fixed")).toMatchObject({ status: 200, body: "{}" });
  });

  test("to HEAD has the headers of GET and no body, over both versions of HTTP", async () => {
    const edge = await start();
    expect((await send(edge, "HEAD /t/get/abc")).headers["content-length"]).toBe(String(`{"text":"abc"}`.length));
    const session = connectHttp2(edge.url);
    onTestFinished(() => session.close());
    const stream = session.request({ ":method": "HEAD", ":path": "/t/get/abc" });
    const [headers] = await once(stream, "response");
    stream.resume();
    await once(stream, "close");
    const streamed = session.request({ ":method": "HEAD", ":path": "/t/count/3" });
    streamed.resume();
    await once(streamed, "close");
    expect(streamed.rstCode).toBe(0);
    expect(await send(edge, "HEAD /t/count/3")).toMatchObject({ status: 200, body: "" });
    expect(headers).toMatchObject({ ":status": 200, "content-type": "application/json" });
    expect(stream.rstCode).toBe(0);
  });

  test("comes over HTTP/2 as well", async () => {
    const session = connectHttp2((await start()).url);
    onTestFinished(() => session.close());
    const stream = session.request({ ":method": "POST", ":path": "/t/whole", ...json });
    stream.end(`{"text":"x"}`);
    const [headers] = await once(stream, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(headers[":status"]).toBe(200);
    expect(Buffer.concat(chunks).toString()).toBe(`{"text":"x"}`);
  });

  test("is one field where response_body says so, also when the field is empty", async () => {
    const edge = await start();
    const cases = [
      ["POST /t/child", `{"text":"x"}`, `{"text":"x"}`],
      ["POST /t/child", "", "null"],
      ["POST /t/texts", `["a"]`, `["a"]`],
      ["POST /t/texts", "", "[]"],
      ["POST /t/labels", `{"a":"b"}`, `{"a":"b"}`],
      ["POST /t/labels", "{}", "{}"],
      ["POST /t/text", `"x"`, `"x"`],
      ["POST /t/text", "", `""`],
    ] as const;
    for (const [line, body, expected] of cases) {
      expect(await send(edge, line, body, json)).toMatchObject({ status: 200, body: expected });
    }
  });

  test("may be raw bytes of any type: google.api.HttpBody", async () => {
    const edge = await start();
    const upload = await send(edge, "POST /t/upload", "abc", { "content-type": "text/plain" });
    expect(upload).toMatchObject({ status: 200, body: "cba" });
    expect(upload.headers["content-type"]).toBe("TEXT/PLAIN");
    const field = await send(edge, "POST /t/upload/ann", Buffer.from([1, 2, 255]), { "content-type": "image/x" });
    expect(field.headers).toMatchObject({ "content-type": "image/x", "content-length": "3" });
    expect((await send(edge, "POST /t/upload/ann")).headers["content-type"]).toBe("application/octet-stream");
  });

  test("to a compressed body is the same", async () => {
    const body = gzipSync(`{"text":"x"}`);
    const answer = await send(await start(), "POST /t/whole", body, { ...json, "content-encoding": "gzip" });
    expect(answer).toMatchObject({ status: 200, body: `{"text":"x"}` });
  });
});

describe("what is not served", () => {
  test("an unknown path is left to the application", async () => {
    expect(await send(await start(), "GET /t/nowhere")).toMatchObject({ status: 404 });
    expect(await send(await start(), "POST /t/collect", "{}", json)).toMatchObject({ status: 404 });
  });

  test("a known path with another method is 405, and says which are allowed", async () => {
    const answer = await send(await start(), "PATCH /t/whole/ann", "{}", json);
    expect(answer).toMatchObject({ status: 405, body: `{"code":12,"message":"Method Not Allowed"}` });
    expect(answer.headers["allow"]).toBe("PUT");
    expect((await send(await start(), "DELETE /t/get/x")).headers["allow"]).toBe("GET, HEAD");
  });

  test("a method without an implementation is 501", async () => {
    const { take, handle: rest } = makeRestHandler({ served: [serve(Shelf, {})], onFault: () => {} });
    const edge = await startEdge({ application: { takers: [take], rest } });
    const body = `{"code":12,"message":"rekey.test.rest.Shelf.Get is not implemented"}`;
    expect(await send(edge, "GET /t/get/x")).toMatchObject({ status: 501, body });
    expect(await send(edge, "GET /t/count/3")).toMatchObject({ status: 501 });
  });

  test("a broken path is 400", async () => {
    expect(await send(await start(), "GET /t/get/%zz")).toMatchObject({ status: 400 });
  });

  test.each([["text/plain"], ["application/x-www-form-urlencoded"], ["application/json; charset=latin1"]])(
    "a body of type %s is 415, and says what is taken",
    async (type) => {
      const answer = await send(await start(), "POST /t/whole", "{}", { "content-type": type });
      expect(answer).toMatchObject({ status: 415, headers: { accept: "application/json" } });
      expect(JSON.parse(answer.body)).toMatchObject({ code: 3 });
    },
  );

  test("a lenient service takes any type", async () => {
    const edge = await start({ serve: { jsonOptions: { ignoreUnknownFields: true } } });
    const answer = await send(edge, "POST /t/whole", `{"text":"x","nobody":1}`, { "content-type": "text/plain" });
    expect(answer).toMatchObject({ status: 200, body: `{"text":"x"}` });
  });

  test("an unknown Content-Encoding is 415, a broken one 400", async () => {
    const edge = await start();
    const unknown = await send(edge, "POST /t/whole", "{}", { ...json, "content-encoding": "br" });
    expect(unknown).toMatchObject({ status: 415, headers: { "accept-encoding": "gzip" } });
    expect(await send(edge, "POST /t/whole", "{}", { ...json, "content-encoding": "gzip" })).toMatchObject({
      status: 400,
    });
  });

  test("a body above the bound is 413, also when it only grows by decompression", async () => {
    const edge = await start({ rest: { maxBodyBytes: 100 } });
    const body = JSON.stringify({ text: "x".repeat(100) });
    expect(await send(edge, "POST /t/whole", body, json)).toMatchObject({ status: 413 });
    const packed = { ...json, "content-encoding": "gzip" };
    expect(await send(edge, "POST /t/whole", gzipSync(body), packed)).toMatchObject({ status: 413 });
    expect(await send(edge, "POST /t/whole", body.slice(0, 89) + `"}`, json)).toMatchObject({ status: 200 });
  });
});

describe("an error", () => {
  test("is a google.rpc.Status with its details, its metadata, and the retry time rounded up", async () => {
    const { status, headers, body } = await send(await start(), "GET /t/get/busy");
    expect(status).toBe(429);
    expect(headers).toMatchObject({ "content-type": "application/json", "retry-after": "2", "x-why": "busy" });
    expect(JSON.parse(body)).toEqual({
      code: 8,
      message: "come back later",
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "BUSY", domain: "test", metadata: { a: "b" } },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.200s" },
      ],
    });
  });

  test("that nobody expected tells nothing, and is reported with the request's id", async () => {
    const edge = await start();
    const answer = await send(edge, "GET /t/get/throw", "", { "x-request-id": "id-1" });
    expect(answer).toMatchObject({ status: 500, body: `{"code":13,"message":"internal error"}` });
    expect(edge.faults).toMatchObject([
      { cause: { message: "a secret of the inside" }, requestId: answer.headers["x-request-id"] },
    ]);
  });

  test("of the gate goes out with its headers before the body has come", async () => {
    const edge = await start({ serve: { gate: nobodyMay } });
    const socket = connect(edge.port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write("POST /t/whole HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 1000\r\n\r\n{");
    const [chunk] = (await once(socket, "data")) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 401 /);
    expect(chunk.toString().toLowerCase()).toContain("www-authenticate: bearer");
    expect(chunk.toString()).toContain(`{"code":16,"message":"who are you?"}`);
  });

  test("a client that stops in the middle of its body hears nothing and breaks nothing", async () => {
    const edge = await start();
    const socket = connect(edge.port, "127.0.0.1");
    socket.write("POST /t/whole HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{");
    socket.end();
    socket.resume();
    await once(socket, "close");
    expect(await send(edge, "GET /t/get/x")).toMatchObject({ status: 200 });
    expect(edge.faults).toEqual([]);
  });
});

describe("a deadline", () => {
  test.each([
    [{ "x-server-timeout": "1.5" }, "true"],
    [{ "grpc-timeout": "5S" }, "true"],
    [{}, "false"],
  ])("%j reaches the handler", async (headers, expected) => {
    const answer = await send(await start(), "GET /t/get/timeout", "", headers);
    expect(answer.body).toBe(`{"text":"${expected}"}`);
  });

  test("that is over is seen by the handler", async () => {
    const answer = await send(await start(), "GET /t/get/late", "", { "grpc-timeout": "0m" });
    expect(answer).toMatchObject({ status: 504, body: `{"code":4,"message":"aborted: true"}` });
  });

  test.each([
    [{ "x-server-timeout": "soon" }],
    [{ "x-server-timeout": "-1" }],
    [{ "x-server-timeout": "1e3" }],
    [{ "grpc-timeout": "5" }],
    [{ "grpc-timeout": "123456789S" }],
    [{ "x-server-timeout": "3601" }],
  ])("%j is refused", async (headers) => {
    expect(await send(await start(), "GET /t/get/x", "", headers)).toMatchObject({ status: 400 });
  });
});

describe("a stream of answers", () => {
  test("is one JSON object a line", async () => {
    const answer = await send(await start(), "GET /t/count/3");
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json", "x-kind": "stream" } });
    expect(answer.body).toBe(`{"result":{"int32":1}}\n{"result":{"int32":2}}\n{"result":{"int32":3}}\n`);
  });

  test("without messages is empty", async () => {
    expect(await send(await start(), "GET /t/count/0")).toMatchObject({ status: 200, body: "" });
  });

  test("that fails before its first message is an ordinary error", async () => {
    const answer = await send(await start(), "GET /t/count/3?text=break1");
    expect(answer).toMatchObject({ status: 409, body: `{"code":10,"message":"broken off"}` });
  });

  test("that fails on its way ends with the error", async () => {
    const edge = await start();
    const answer = await send(edge, "GET /t/count/3?text=break2");
    expect(answer.body).toBe(`{"result":{"int32":1}}\n{"error":{"code":10,"message":"broken off"}}\n`);
    const fault = await send(edge, "GET /t/count/3?text=throw2");
    expect(fault.body).toBe(`{"result":{"int32":1}}\n{"error":{"code":13,"message":"internal error"}}\n`);
    expect(edge.faults).toHaveLength(1);
  });

  test("may be raw bytes, which break off when the stream fails", async () => {
    const edge = await start();
    const answer = await send(edge, "GET /t/pour/2");
    expect(answer).toMatchObject({ headers: { "content-type": "text/csv" }, body: "row 1\nrow 2\n" });
    await expect(send(edge, "GET /t/pour/2?text=break2")).rejects.toThrow(/aborted|socket hang up/);
    const session = connectHttp2(edge.url);
    onTestFinished(() => session.close());
    const stream = session.request({ ":path": "/t/pour/2?text=break2" });
    stream.resume();
    await expect(once(stream, "end")).rejects.toThrow("NGHTTP2_INTERNAL_ERROR");
  });

  test("waits for a slow reader and loses nothing", async () => {
    const answer = await send(await start(), "GET /t/count/20000");
    expect(answer.body.split("\n")).toHaveLength(20_001);
  });

  test("ends for the handler when the client goes away, over both versions of HTTP", async () => {
    for (const version of [1, 2]) {
      const left = Promise.withResolvers<void>();
      const edge = await start({ abandoned: left.resolve });
      if (version === 1) {
        const request = httpRequest({ port: edge.port, host: "127.0.0.1", path: "/t/count/1?text=wait", agent: false });
        request.end();
        const [response] = await once(request, "response");
        await once(response, "data");
        request.destroy();
      } else {
        const session = connectHttp2(edge.url);
        const stream = session.request({ ":path": "/t/count/1?text=wait" });
        await once(stream, "data");
        session.destroy();
      }
      await left.promise;
      expect(edge.faults).toEqual([]);
    }
  });
});
