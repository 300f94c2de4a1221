// How does the load reach a server? As gRPC on few HTTP/2 connections, or as JSON on many HTTP/1.1 connections.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import { PasswordResetRequestSchema, PasswordResetResponseSchema } from "../gen/rekey/v1/password_service_pb.ts";
import { grpcFrame, messageIn } from "./grpc-frame.ts";
import { saturation } from "./scenario.ts";

export type WayName = "grpc" | "connect-json" | "rest" | "better-auth" | "set-password";

export type Answer =
  | { readonly kind: "done"; readonly body: Buffer }
  | { readonly kind: "failed"; readonly why: string };

export type Way = {
  /** Never rejects. `lane` says who calls, so that every connection gets its share. */
  call(lane: number, userId: string): Promise<Answer>;
  /** The code that a body holds. */
  codeOf(body: Buffer): string;
  close(): void;
};

const method = "/rekey.v1.PasswordService/PasswordReset";
const setPassword = "/rekey.v1.PasswordService/SetPassword";

type Opener = (address: string, authorization: string) => Way | Promise<Way>;

const openers: Readonly<Record<WayName, Opener>> = {
  grpc: openGrpc,
  "connect-json": (...to) => openJson(...to, (userId) => [method, { userId, returnCode: {} }]),
  "better-auth": (...to) =>
    openJson(...to, (userId) => ["/api/auth/request-password-reset", { email: `${userId}@example.org` }]),
  "set-password": (...to) =>
    openJson(...to, (userId) => [setPassword, { userId, newPassword: { password: randomBytes(24).toString("hex") } }]),
  rest: (...to) => openJson(...to, (userId) => [`/v1/users/${userId}/password_reset`, { returnCode: {} }]),
};

export async function openWay(name: WayName, address: string, apiKey: string): Promise<Way> {
  return await openers[name](address, `Bearer ${apiKey}`);
}

async function openGrpc(address: string, authorization: string): Promise<Way> {
  const sessions = Array.from({ length: saturation.connections }, () => http2.connect(address));
  await Promise.all(sessions.map((session) => once(session, "connect")));
  const headers = {
    ":method": "POST",
    ":path": method,
    "content-type": "application/grpc",
    te: "trailers",
    authorization,
  };
  return {
    call: (lane, userId) =>
      new Promise((resolve) => {
        const request = create(PasswordResetRequestSchema, { userId, medium: { case: "returnCode", value: {} } });
        const stream = (sessions[lane % sessions.length] as http2.ClientHttp2Session).request(headers);
        let status: unknown = "none";
        let body: Buffer = Buffer.of();
        const learn = (fields: http2.IncomingHttpHeaders) => (status = fields["grpc-status"] ?? status);
        stream.on("response", learn).on("trailers", learn);
        stream.on("data", (chunk: Buffer) => (body = body.length === 0 ? chunk : Buffer.concat([body, chunk])));
        stream.on("error", (error) => (status = error.message));
        stream.on("close", () => {
          resolve(status === "0" ? { kind: "done", body } : { kind: "failed", why: `grpc-status ${String(status)}` });
        });
        stream.end(grpcFrame(toBinary(PasswordResetRequestSchema, request)));
      }),
    codeOf: (body) => fromBinary(PasswordResetResponseSchema, messageIn(body)).verificationCode ?? "",
    close() {
      for (const session of sessions) session.destroy();
    },
  };
}

function openJson(
  address: string,
  authorization: string,
  requestFor: (userId: string) => readonly [path: string, body: unknown],
): Way {
  const agent = new http.Agent({ keepAlive: true, maxSockets: saturation.lanes });
  const { hostname, port } = new URL(address);
  return {
    call: (_, userId) =>
      new Promise((resolve) => {
        const [path, content] = requestFor(userId);
        const text = JSON.stringify(content);
        const headers = { "content-type": "application/json", "content-length": text.length, authorization };
        const request = http.request({ agent, hostname, port, method: "POST", path, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            const body = Buffer.concat(chunks);
            const isDone = response.statusCode === 200;
            resolve(isDone ? { kind: "done", body } : { kind: "failed", why: `HTTP ${response.statusCode}` });
          });
        });
        request.on("error", (error) => resolve({ kind: "failed", why: error.message }));
        request.end(text);
      }),
    codeOf: (body) => (JSON.parse(body.toString()) as { verificationCode?: string }).verificationCode ?? "",
    close: () => agent.destroy(),
  };
}
