// What hears a request for the path of an RPC that is no call of it? Which methods there are, if it may know of the path.

import type { DescMethod, DescMethodUnary } from "@bufbuild/protobuf";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";

import { clientSignal, reply, replyStatus, type ExchangeContext } from "./exchange.ts";
import type { HttpRequest, HttpResponse } from "./exchange.ts";
import { inWords } from "./internal-error.ts";
import { callHeaders, readHeaders } from "./request-headers.ts";
import type { Gate } from "./served.ts";
import { UnaryCall } from "./unary-call.ts";

export type WrongMethod = {
  readonly method: DescMethod;
  /** Says who may know: who has no key, or one of a realm without this edge, hears the same as of any other call. */
  readonly gate: Gate | undefined;
  readonly allow: readonly string[];
};

/** In the words that REST clients read: it is in no protocol's form. */
export async function refuseMethod(
  { method, gate, allow }: WrongMethod,
  request: HttpRequest,
  response: HttpResponse,
  { path, values: contextValues }: ExchangeContext,
): Promise<void> {
  // The gate looks at headers only, and no message follows.
  const call = new UnaryCall(method as DescMethodUnary, {
    protocolName: "rest",
    requestMethod: request.method ?? "",
    url: `http://${request.headers.host ?? "localhost"}${path}`,
    header: () => callHeaders(request.headers),
    signal: () => clientSignal(response),
    contextValues,
  });
  try {
    await gate?.(call, readHeaders(request.headers));
    reply(response, 405, { allow: allow.join(", ") });
  } catch (cause) {
    const { code, rawMessage, metadata } = inWords(cause);
    for (const [name, value] of metadata) response.setHeader(name, value);
    replyStatus(response, codeToHttpStatus(code), code, rawMessage);
  } finally {
    call.end();
  }
}
