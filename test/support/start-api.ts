// Which HTTP API does a test call? One on loopback that answers as it is told, or that speaks Twilio's Messages API.

import { createServer, type IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { onTestFinished } from "vitest";

export type ApiRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type ApiReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body never comes to its end. */
  readonly isEndless?: boolean;
};

export type TestApi = { readonly url: string; readonly requests: readonly ApiRequest[] };

/** `drop` ends the connection without an answer, `hang` never answers. */
export async function startApi(answer: (request: ApiRequest) => ApiReply | "drop" | "hang"): Promise<TestApi> {
  const requests: ApiRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const seen = { method, path, headers, body: Buffer.concat(chunks).toString() };
      requests.push(seen);
      const reply = answer(seen);
      if (reply === "hang") return;
      if (reply === "drop") return void request.socket.destroy();
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
      if (reply.isEndless === true) response.write(reply.body);
      else response.end(reply.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export const twilioAccount = {
  accountSid: "AC0123456789abcdef0123456789abcdef",
  credentials: { user: "SK0123456789abcdef0123456789abcdef", password: "the-secret-of-the-api-key" },
  messageSid: "SM0123456789abcdef0123456789abcdef",
} as const;

/** Knows numbers that end in the code of an error; every other number gets its message. */
export async function startTwilio(): Promise<TestApi> {
  const { accountSid, credentials, messageSid } = twilioAccount;
  const basic = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
  return await startApi(({ method, path, headers, body }) => {
    if (method !== "POST" || path !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) return failure(404, 20404);
    if (headers.authorization !== basic) return failure(401, 20003);
    if (headers["content-type"] !== "application/x-www-form-urlencoded") return failure(400, 21600);
    const form = new URLSearchParams(body);
    const to = form.get("To") ?? "";
    if (to.endsWith("20429")) return failure(429, 20429, { "retry-after": "7" });
    if (to.endsWith("20500")) return failure(503, 20500);
    const code = /(21\d{3})$/.exec(to)?.[1];
    if (code !== undefined) return failure(400, Number(code), {}, `The number ${to} and text ${form.get("Body")}`);
    return { status: 201, body: JSON.stringify({ sid: messageSid, status: "queued", to, body: form.get("Body") }) };
  });
}

function failure(status: number, code: number, headers: Record<string, string> = {}, message = "no"): ApiReply {
  return { status, headers, body: JSON.stringify({ code, message, more_info: "https://x.example", status }) };
}
