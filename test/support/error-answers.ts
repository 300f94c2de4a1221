// What does a caller see of an error, over each protocol? One form for all of them, so that they can be compared.

import {
  createRegistry,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  fromJson,
  type JsonObject,
  toJson,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { expect } from "vitest";

import { file_google_rpc_error_details } from "../../gen/google/rpc/error_details_pb.ts";
import { file_zitadel_v1_message } from "../../gen/zitadel/v1/message_pb.ts";

/** One call in its JSON form, which every protocol is made from. */
export type Asked = {
  readonly method: DescMethodUnary;
  /** "POST /v1/users/{userId}/password": the names in braces are taken out of the message. */
  readonly rest: string;
  readonly message: JsonObject;
};

export type ErrorAnswer = {
  readonly code: Code;
  readonly message: string;
  /** As REST writes them. */
  readonly details: readonly JsonObject[];
  /** Whole seconds; null when there is no such header. */
  readonly retryAfter: string | null;
  readonly requestId: string | null;
  /** Where the protocol has one. */
  readonly status?: number;
};

export type ErrorWay = {
  readonly name: "gRPC" | "gRPC-Web" | "Connect" | "REST";
  readonly ask: (url: string, headers: Readonly<Record<string, string>>, asked: Asked) => Promise<ErrorAnswer>;
};

export const errorWays: readonly ErrorWay[] = [
  { name: "gRPC", ask: async (url, ...rest) => await askBy(createGrpcTransport({ baseUrl: url }), ...rest) },
  {
    name: "gRPC-Web",
    ask: async (url, ...rest) => await askBy(createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }), ...rest),
  },
  { name: "Connect", ask: askConnect },
  { name: "REST", ask: askRest },
];

async function askBy(
  transport: Transport,
  headers: Readonly<Record<string, string>>,
  asked: Asked,
): Promise<ErrorAnswer> {
  const { method, message } = asked;
  const client = createClient(method.parent, transport) as Record<string, Function>;
  const cause: unknown = await client[method.localName]?.(fromJson(method.input, message), { headers }).then(
    () => expect.fail("the call should fail"),
    (cause: unknown) => cause,
  );
  if (!(cause instanceof ConnectError)) throw cause;
  return {
    code: cause.code,
    message: cause.rawMessage,
    details: cause.details.map((detail) => {
      if ("desc" in detail) throw new Error("a detail that was not on the wire");
      return detailJson(detail.type, detail.value);
    }),
    retryAfter: cause.metadata.get("retry-after"),
    requestId: cause.metadata.get("x-request-id"),
  };
}

async function askConnect(url: string, headers: Readonly<Record<string, string>>, asked: Asked): Promise<ErrorAnswer> {
  const { method, message } = asked;
  const response = await post(`${url}/${method.parent.typeName}/${method.name}`, headers, message);
  const body = (await response.json()) as {
    code: string;
    message?: string;
    details?: { type: string; value: string }[];
  };
  const details = (body.details ?? []).map(({ type, value }) => detailJson(type, Buffer.from(value, "base64")));
  return { ...heads(response), code: codeNamed(body.code), message: body.message ?? "", details };
}

async function askRest(url: string, headers: Readonly<Record<string, string>>, asked: Asked): Promise<ErrorAnswer> {
  const response = await sendRest(url, headers, asked);
  const body = (await response.json()) as { code: Code; message: string; details?: JsonObject[] };
  return { ...heads(response), code: body.code, message: body.message, details: body.details ?? [] };
}

/** The call as a REST client makes it. Calls without a body have all they need in the path. */
export async function sendRest(
  url: string,
  headers: Readonly<Record<string, string>>,
  { rest, message }: Asked,
): Promise<Response> {
  const [verb = "", template = ""] = rest.split(" ");
  const left: JsonObject = { ...message };
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = left[name];
    delete left[name];
    return encodeURIComponent(typeof value === "string" ? value : "");
  });
  if (verb !== "GET" && verb !== "DELETE") return await post(url + path, headers, left, verb);
  return await fetch(url + path, { method: verb, headers });
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: JsonObject, verb = "POST") {
  const all = { "content-type": "application/json", ...headers };
  return await fetch(url, { method: verb, headers: all, body: JSON.stringify(body) });
}

function heads(response: Response) {
  expect(response.ok).toBe(false);
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    requestId: response.headers.get("x-request-id"),
  };
}

const registry = createRegistry(file_google_rpc_error_details, file_zitadel_v1_message);

function detailJson(type: string, bytes: Uint8Array): JsonObject {
  const desc: DescMessage | undefined = registry.getMessage(type);
  if (desc === undefined) throw new Error(`an unknown detail ${type}`);
  return { "@type": `type.googleapis.com/${type}`, ...(toJson(desc, fromBinary(desc, bytes)) as JsonObject) };
}

/** "failed_precondition" is FailedPrecondition. */
function codeNamed(name: string): Code {
  const key = name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Code[key as keyof typeof Code];
}
