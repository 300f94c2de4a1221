// In which encoding is an answer packed? In the client's favourite of those we have, and only a large one.

import { promisify } from "node:util";
import { brotliDecompress, gunzip } from "node:zlib";
import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import { createClient } from "@connectrpc/connect";
import { compressionBrotli, createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { byPreference } from "../../src/edge/http/compression.ts";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

const userId = "ann ".repeat(1000);
const unpack = { br: promisify(brotliDecompress), gzip: promisify(gunzip), identity: async (bytes: Buffer) => bytes };

describe("a Connect answer", () => {
  test.each([
    { accept: "br", encoding: "br" },
    { accept: "gzip", encoding: "gzip" },
    { accept: "gzip, br", encoding: "gzip" },
    { accept: "gzip;q=0.5, br;q=0.9", encoding: "br" },
    { accept: "gzip;q=1.0", encoding: "gzip" },
    { accept: "br;q=0, gzip;q=0.1", encoding: "gzip" },
    { accept: "BR;q=0.5", encoding: "br" },
    { accept: "gzip;q=0", encoding: "identity" },
    { accept: "identity", encoding: "identity" },
    { accept: "zstd", encoding: "identity" },
  ] as const)("to Accept-Encoding: $accept is in $encoding", async ({ accept, encoding }) => {
    const { url } = await startEdge({ served: [echoUsers()] });
    const answer = await postRaw(`${url}/rekey.v1.UserService/GetUser`, accept);
    expect(answer.headers["content-encoding"] ?? "identity").toBe(encoding);
    const bytes = await unpack[encoding](answer.body);
    expect(JSON.parse(bytes.toString())).toEqual({ user: { userId } });
  });
});

test("a gRPC client that knows brotli only is served", async () => {
  const { url: baseUrl } = await startEdge({ served: [echoUsers()] });
  const transport = createGrpcTransport({
    baseUrl,
    acceptCompression: [compressionBrotli],
    sendCompression: compressionBrotli,
    compressMinBytes: 1,
  });
  expect((await createClient(UserService, transport).getUser({ userId })).user?.userId).toBe(userId);
});

test("a request in an encoding that we lack is refused", async () => {
  const { url } = await startEdge({ served: [echoUsers()] });
  const headers = { "content-type": "application/json", "content-encoding": "zstd" };
  const answer = await fetch(`${url}/rekey.v1.UserService/GetUser`, { method: "POST", headers, body: "{}" });
  expect(answer.status).toBe(501);
  expect(await answer.json()).toMatchObject({ code: "unimplemented" });
});

test.each([
  ["gzip, br", "gzip, br"],
  ["gzip;q=0.1, br;q=0.2, deflate", "deflate, br, gzip"],
  ["gzip; q=0.5 , br ; Q=0.5", "gzip, br"],
  ["gzip;q=nonsense", "identity"],
  ["", ""],
])("Accept-Encoding %j is preferred as %j", (accept, preferred) => {
  expect(byPreference(accept)).toBe(preferred);
});

/** Unlike fetch, leaves the answer as it came. */
async function postRaw(url: string, accept: string) {
  const request = http.request(url, {
    method: "POST",
    headers: { "content-type": "application/json", "accept-encoding": accept },
  });
  request.end(JSON.stringify({ userId }));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { headers: response.headers, body: Buffer.concat(chunks) };
}
