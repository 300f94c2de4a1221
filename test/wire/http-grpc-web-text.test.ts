// Does gRPC-Web in base64 reach the same methods? As Google's grpc-web client sends it by default.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
  HealthCheckResponseSchema,
} from "../../gen/grpc/health/v1/health_pb.ts";
import { GetUserRequestSchema, GetUserResponseSchema } from "../../gen/rekey/v1/user_service_pb.ts";
import { serve } from "../../src/edge/http/served.ts";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

const type = "application/grpc-web-text+proto";
const path = "/rekey.v1.UserService/GetUser";

function envelope(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

const request = envelope(toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { userId: "ann" })));

async function post(url: string, body: string, contentType = type) {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": contentType }, body });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

/** Each chunk is padded by itself, so groups of four are decoded one by one. */
function frames(text: string): { readonly flags: number; readonly data: Buffer }[] {
  const bytes = Buffer.concat((text.match(/.{4}/g) ?? []).map((group) => Buffer.from(group, "base64")));
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    found.push({ flags: bytes[at] ?? 0, data: bytes.subarray(at + 5, end) });
    at = end;
  }
  return found;
}

describe("grpc-web-text", () => {
  test.each([
    ["as one", request.toString("base64")],
    [
      "in pieces that are padded by themselves",
      request.subarray(0, 1).toString("base64") +
        request.subarray(1, 5).toString("base64") +
        request.subarray(5).toString("base64"),
    ],
  ])("a request encoded %s is answered in base64", async (_, body) => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const answer = await post(url + path, body);
    expect(answer).toMatchObject({ status: 200, type });
    const [message, trailer] = frames(answer.text);
    expect(fromBinary(GetUserResponseSchema, message?.data ?? Buffer.of()).user?.userId).toBe("ann");
    expect(trailer?.flags).toBe(0x80);
    expect(trailer?.data.toString()).toContain("grpc-status: 0\r\n");
  });

  test("the content type without a codec, in any case, means the same", async () => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const answer = await post(url + path, request.toString("base64"), "Application/gRPC-Web-Text");
    expect(answer).toMatchObject({ status: 200, type });
  });

  test.each([
    ["cut short", request.toString("base64").slice(0, -1)],
    ["with a foreign character", `${request.toString("base64").slice(0, -4)}AA!=`],
    ["with padding inside a group", `A=BC${request.toString("base64")}`],
  ])("a body %s is refused", async (_, body) => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const [trailer] = frames((await post(url + path, body)).text);
    expect(trailer?.data.toString()).toContain(`grpc-status: ${Code.InvalidArgument}\r\n`);
  });

  test("each message of a stream is readable when it comes", async () => {
    const second = Promise.withResolvers<void>();
    const health = serve(Health, {
      async *watch() {
        yield { status: Status.SERVING };
        await second.promise;
        yield { status: Status.NOT_SERVING };
      },
    });
    const { url } = await startEdge({ served: [health] });
    const answer = await fetch(`${url}/grpc.health.v1.Health/Watch`, {
      method: "POST",
      headers: { "content-type": type },
      body: envelope(Buffer.of()).toString("base64"),
    });
    const seen: Status[] = [];
    for await (const chunk of answer.body ?? []) {
      for (const { flags, data } of frames(Buffer.from(chunk).toString("latin1"))) {
        if (flags === 0) seen.push(fromBinary(HealthCheckResponseSchema, data).status);
      }
      if (seen.length === 1) second.resolve();
    }
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING]);
  });
});
