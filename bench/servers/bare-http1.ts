// What is the floor of JSON over HTTP/1.1? Node's own server and the script: the body parsed, and always the same reply.

import http, { type ServerResponse } from "node:http";

import { announce } from "./announce.ts";
import { openIssueCode } from "./issue-code.ts";

const issueCode = await openIssueCode(process.env["BENCH_REDIS_URL"] ?? "");

/** As long as the product's. */
const reply = JSON.stringify({
  details: {
    sequence: String(1n << 40n),
    changeDate: "2026-01-01T00:00:00.123Z",
    resourceOwner: "bench",
    creationDate: "2026-01-01T00:00:00.123Z",
  },
  verificationCode: "ABCDEFGH",
  expirationDate: "2026-01-01T00:10:00.123Z",
});
const headers = { "content-type": "application/json", "content-length": reply.length };

async function answer(response: ServerResponse, body: string): Promise<void> {
  await issueCode((JSON.parse(body) as { userId: string }).userId);
  response.writeHead(200, headers).end(reply);
}

announce(
  http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => void answer(response, body).catch(() => response.destroy()));
  }),
);
