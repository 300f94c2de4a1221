// How does the load reach a server? As gRPC on few HTTP/2 connections, or as JSON or gRPC-Web on many HTTP/1.1 connections.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import { PasswordResetRequestSchema, PasswordResetResponseSchema } from "../gen/rekey/v1/password_service_pb.ts";
import { type FramesClient, openFramesClient } from "./frames-client.ts";
import { firstMessageIn, grpcFrame } from "./grpc-frame.ts";
import { saturation } from "./scenario.ts";

/** `grpc-frames` is `grpc` by a client that takes a fraction of the CPU of Node's: for what is asked of latency. */
export type WayName = "grpc" | "grpc-frames" | "grpc-web" | "connect-json" | "rest" | "better-auth" | "set-password";

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
const grpcHeaders = { "content-type": "application/grpc", te: "trailers" };
const setPassword = "/rekey.v1.PasswordService/SetPassword";

type Opener = (address: string, authorization: string) => Way | Promise<Way>;

const openers: Readonly<Record<WayName, Opener>> = {
  grpc: openGrpc,
  "grpc-frames": openGrpcFrames,
  "grpc-web": openGrpcWeb,
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
  const headers = { ":method": "POST", ":path": method, ...grpcHeaders, authorization };
  return {
    call: (lane, userId) =>
      new Promise((resolve) => {
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
        stream.end(grpcFrame(returnCodeFor(userId)));
      }),
    codeOf: codeInFrames,
    close() {
      for (const session of sessions) session.destroy();
    },
  };
}

async function openGrpcFrames(address: string, authorization: string): Promise<Way> {
  const headers = { ...grpcHeaders, authorization };
  const opening = Array.from({ length: saturation.connections }, () => openFramesClient(address, method, headers));
  const clients = await Promise.all(opening);
  return {
    async call(lane, userId) {
      const client = clients[lane % clients.length] as FramesClient;
      const answer = await client.call(grpcFrame(returnCodeFor(userId)));
      return typeof answer === "string" ? { kind: "failed", why: answer } : { kind: "done", body: answer };
    },
    codeOf: codeInFrames,
    close() {
      for (const client of clients) client.close();
    },
  };
}

/** The trailers are the last frame of the body. Spec: PROTOCOL-WEB.md of grpc. */
function openGrpcWeb(address: string, authorization: string): Way {
  return openHttp1(address, authorization, {
    type: "application/grpc-web+proto",
    requestFor: (userId) => [method, grpcFrame(returnCodeFor(userId))],
    isDone: (body) => body.includes("grpc-status: 0\r\n"),
    codeOf: codeInFrames,
  });
}

function codeInFrames(body: Buffer): string {
  return fromBinary(PasswordResetResponseSchema, firstMessageIn(body)).verificationCode ?? "";
}

function openJson(
  address: string,
  authorization: string,
  requestFor: (userId: string) => readonly [path: string, body: unknown],
): Way {
  return openHttp1(address, authorization, {
    type: "application/json",
    requestFor(userId) {
      const [path, content] = requestFor(userId);
      return [path, Buffer.from(JSON.stringify(content))];
    },
    codeOf: (body) => (JSON.parse(body.toString()) as { verificationCode?: string }).verificationCode ?? "",
  });
}

type Http1Form = {
  readonly type: string;
  readonly requestFor: (userId: string) => readonly [path: string, body: Buffer];
  /** Of an answer with status 200. Absent: it is. */
  readonly isDone?: (body: Buffer) => boolean;
  readonly codeOf: Way["codeOf"];
};

function openHttp1(address: string, authorization: string, form: Http1Form): Way {
  const agent = new http.Agent({ keepAlive: true, maxSockets: saturation.lanes });
  const { hostname, port } = new URL(address);
  return {
    call: (_, userId) =>
      new Promise((resolve) => {
        const [path, content] = form.requestFor(userId);
        const headers = { "content-type": form.type, "content-length": content.length, authorization };
        const request = http.request({ agent, hostname, port, method: "POST", path, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            const body = Buffer.concat(chunks);
            const isDone = response.statusCode === 200 && form.isDone?.(body) !== false;
            resolve(isDone ? { kind: "done", body } : { kind: "failed", why: `HTTP ${response.statusCode}` });
          });
        });
        request.on("error", (error) => resolve({ kind: "failed", why: error.message }));
        request.end(content);
      }),
    codeOf: form.codeOf,
    close: () => agent.destroy(),
  };
}

function returnCodeFor(userId: string): Uint8Array {
  const request = create(PasswordResetRequestSchema, { userId, medium: { case: "returnCode", value: {} } });
  return toBinary(PasswordResetRequestSchema, request);
}
