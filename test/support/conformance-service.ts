// What does a server answer to Connect's conformance suite? What each request says that it has to, and what was seen of it.

import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { anyPack, type Any } from "@bufbuild/protobuf/wkt";
import { ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import { setTimeout as delay } from "node:timers/promises";

import {
  type BidiStreamRequest,
  BidiStreamRequestSchema,
  type ClientStreamRequest,
  ClientStreamRequestSchema,
  type Code,
  CodeSchema,
  ConformancePayload_ConnectGetInfoSchema,
  type ConformancePayload_RequestInfo,
  ConformancePayload_RequestInfoSchema,
  type ConformanceService,
  type Error as ErrorDefinition,
  type Header,
  HeaderSchema,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  type StreamResponseDefinition,
  UnaryRequestSchema,
  type UnaryResponseDefinition,
} from "../fixtures/gen/connectrpc/conformance/v1/service_pb.ts";

export const conformanceService: Partial<ServiceImpl<typeof ConformanceService>> = {
  async unary(request, context) {
    return { payload: await oneAnswer([packed(UnaryRequestSchema, request)], request.responseDefinition, context) };
  },

  async idempotentUnary(request, context) {
    const requests = [packed(IdempotentUnaryRequestSchema, request)];
    return { payload: await oneAnswer(requests, request.responseDefinition, context) };
  },

  async clientStream(incoming, context) {
    const requests: ClientStreamRequest[] = [];
    for await (const request of incoming) requests.push(request);
    const seen = requests.map((request) => packed(ClientStreamRequestSchema, request));
    return { payload: await oneAnswer(seen, requests[0]?.responseDefinition, context) };
  },

  async *serverStream(request, context) {
    const requests = [packed(ServerStreamRequestSchema, request)];
    yield* allAnswers(requests, request.responseDefinition, context);
  },

  async *bidiStream(incoming, context) {
    const requests: BidiStreamRequest[] = [];
    let answered = 0;
    for await (const request of incoming) {
      requests.push(request);
      const [first = request] = requests;
      if (!first.fullDuplex) continue;
      const definition = first.responseDefinition;
      if (requests.length === 1) sayHeaders(definition, context);
      const data = definition?.responseData[answered];
      if (data === undefined) break;
      await delay(definition?.responseDelayMs ?? 0);
      // Whatever was not told of yet: all before the first answer, then one by one.
      const seen = [packed(BidiStreamRequestSchema, request)];
      yield { payload: { data, requestInfo: answered === 0 ? seenOf(seen, context) : { requests: seen } } };
      answered += 1;
    }
    const [first] = requests;
    const definition = first?.responseDefinition;
    const seen = requests.map((request) => packed(BidiStreamRequestSchema, request));
    if (first?.fullDuplex !== true) yield* allAnswers(seen, definition, context);
    else if (definition?.error) throw failure(definition.error, answered === 0 ? seenOf(seen, context) : undefined);
  },
};

async function oneAnswer(
  requests: readonly Any[],
  definition: UnaryResponseDefinition | undefined,
  context: HandlerContext,
) {
  sayHeaders(definition, context);
  await delay(definition?.responseDelayMs ?? 0);
  const requestInfo = seenOf(requests, context);
  if (definition?.response.case === "error") throw failure(definition.response.value, requestInfo);
  return { data: definition?.response.value ?? new Uint8Array(), requestInfo };
}

async function* allAnswers(
  requests: readonly Any[],
  definition: StreamResponseDefinition | undefined,
  context: HandlerContext,
) {
  sayHeaders(definition, context);
  const all = definition?.responseData ?? [];
  for (const [index, data] of all.entries()) {
    await delay(definition?.responseDelayMs ?? 0);
    yield { payload: { data, ...(index === 0 ? { requestInfo: seenOf(requests, context) } : {}) } };
  }
  if (definition?.error) throw failure(definition.error, all.length === 0 ? seenOf(requests, context) : undefined);
}

function sayHeaders(
  definition: { readonly responseHeaders: Header[]; readonly responseTrailers: Header[] } | undefined,
  { responseHeader, responseTrailer }: HandlerContext,
): void {
  for (const { name, value } of definition?.responseHeaders ?? [])
    for (const one of value) responseHeader.append(name, one);
  for (const { name, value } of definition?.responseTrailers ?? [])
    for (const one of value) responseTrailer.append(name, one);
}

function seenOf(requests: readonly Any[], context: HandlerContext): ConformancePayload_RequestInfo {
  const timeoutMs = context.timeoutMs();
  const info = create(ConformancePayload_RequestInfoSchema, {
    requestHeaders: [...context.requestHeader].map(([name, value]) => create(HeaderSchema, { name, value: [value] })),
    requests: [...requests],
    ...(timeoutMs === undefined ? {} : { timeoutMs: BigInt(Math.floor(timeoutMs)) }),
  });
  if (context.requestMethod !== "GET") return info;
  const queryParams = [...new URL(context.url).searchParams].map(([name, value]) => ({ name, value: [value] }));
  info.connectGetInfo = create(ConformancePayload_ConnectGetInfoSchema, { queryParams });
  return info;
}

function failure({ code, message, details }: ErrorDefinition, seen: ConformancePayload_RequestInfo | undefined) {
  const error = new ConnectError(message ?? "", codeFromString(nameOf(code)));
  error.details = details.map(({ typeUrl: url, value }) => ({ type: url.slice(url.lastIndexOf("/") + 1), value }));
  if (seen !== undefined) error.details.push({ desc: ConformancePayload_RequestInfoSchema, value: seen });
  return error;
}

/** As Connect writes it: "not_found". */
function nameOf(code: Code): string {
  return CodeSchema.value[code]?.localName.toLowerCase() ?? "";
}

function packed<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Any {
  return anyPack(schema, message);
}
