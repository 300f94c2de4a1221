// What happens to a REST request whose route is known? Gate, then body, then the call: the same as any RPC, in process.

import type { DescMethodServerStreaming, DescMethodUnary, Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { acceptedEncoding, readBody } from "../http/body.ts";
import { say } from "../http/every-answer.ts";
import {
  clientSignal,
  replyFault,
  type ExchangeContext,
  type HttpRequest,
  type HttpResponse,
} from "../http/exchange.ts";
import { inWords } from "../http/internal-error.ts";
import { openCall, type OpenCall } from "../http/invoke-unary.ts";
import { headersOf, readHeaders } from "../http/request-headers.ts";
import type { OnFault } from "../http/rpc.ts";
import type { Milliseconds } from "../../units.ts";
import { readDeadline } from "./deadline.ts";
import { isLenient, readRequest } from "./request.ts";
import { isJsonType, isRawBody } from "./request-body.ts";
import { queryOf, single } from "./request-head.ts";
import { writeAnswer } from "./response.ts";
import type { FoundRoute } from "./route-table.ts";
import type { Route } from "./rule.ts";
import { sendAnswer, sendError, sendPlain, setMetadata, setTrailers } from "./send.ts";
import { invokeServerStream, sendStream } from "./server-stream.ts";
import { statusJson } from "./status.ts";

export type ServeRouteOptions = {
  readonly onFault: OnFault;
  /** Of a request body, before and after decompression. */
  readonly maxBodyBytes: number;
  readonly maxTimeoutMs: Milliseconds;
  readonly shutdownSignal?: AbortSignal;
};

type Exchange = { request: HttpRequest; response: HttpResponse; context: ExchangeContext };
type Match = Exclude<FoundRoute, { kind: "unknown" }>;

type Refused = { kind: "refused"; status: number; problem: string; headers: Record<string, string>; code: Code };
type Input =
  | { kind: "message"; message: Message }
  | Refused
  /** The client went away. */
  | { kind: "gone" };

export function makeServeRoute(options: ServeRouteOptions) {
  const { onFault, maxBodyBytes, maxTimeoutMs, shutdownSignal } = options;

  return async function serveRoute(exchange: Exchange, match: Match): Promise<void> {
    const { request, response, context } = exchange;
    const { route } = match;
    const deadline = readDeadline((name) => single(request, name));
    const unfit = unfitDeadline(deadline);
    // Only `invoke` needs a unary method, and a stream is not invoked through it.
    const call = openCall(route.served, route.method as DescMethodUnary, {
      protocolName: "rest",
      requestMethod: request.method ?? "",
      url: `http://${single(request, ":authority") ?? single(request, "host") ?? ""}${request.url ?? ""}`,
      header: () => headersOf(request),
      signal: () => clientSignal(response),
      contextValues: context.values,
      timeoutMs: unfit === undefined && deadline.kind === "set" ? deadline.timeoutMs : undefined,
      shutdownSignal,
    });
    try {
      const admission = call.admit(readHeaders(request.headers));
      // Waiting for what is there already costs a turn.
      if (admission !== undefined) await admission;
      // Not before: who is turned away learns nothing of what is here.
      const input = unfit ?? (await readInput(exchange, match));
      if (input.kind === "gone") response.destroy();
      else if (input.kind === "refused") refuse(exchange, input);
      else if (isStreaming(route.method)) await answerStream(exchange, route, route.method, call, input.message);
      else answer(exchange, route, call, await call.invoke(input.message));
    } catch (cause) {
      const error = toError(cause, context);
      if (response.headersSent) {
        replyFault(response);
        return;
      }
      say(request, response, context);
      setMetadata(response, call.context.responseHeader);
      setTrailers(response, call.context.responseTrailer);
      sendError(response, error, route.served.jsonOptions.registry);
    } finally {
      call.end();
    }
  };

  function toError(cause: unknown, { requestId }: ExchangeContext): ConnectError {
    if (!(cause instanceof ConnectError)) onFault(cause, requestId);
    return inWords(cause);
  }

  async function answerStream(
    { request, response, context }: Exchange,
    route: Route,
    method: DescMethodServerStreaming,
    { context: call }: OpenCall,
    message: Message,
  ): Promise<void> {
    say(request, response, context);
    await sendStream({
      response,
      route,
      messages: invokeServerStream(route.served, method, call.whole(), message),
      header: call.responseHeader,
      gone: clientSignal(response),
      describe: (cause) => statusJson(toError(cause, context), route.served.jsonOptions.registry),
    });
  }

  function unfitDeadline(deadline: ReturnType<typeof readDeadline>): Refused | undefined {
    if (deadline.kind === "malformed") return refusal(400, `the header ${deadline.header} is malformed`);
    const isTooLong = deadline.kind === "set" && deadline.timeoutMs > maxTimeoutMs;
    return isTooLong ? refusal(400, `the timeout is longer than ${maxTimeoutMs} ms`) : undefined;
  }

  function readInput(exchange: Exchange, match: Match): Input | Promise<Input> {
    switch (match.kind) {
      case "found":
        return readMessage(exchange, match);
      case "malformed":
        return refusal(400, "the path is not valid percent-encoding");
      case "wrong_method":
        return { ...refusal(405, "Method Not Allowed", { allow: match.allow.join(", ") }), code: Code.Unimplemented };
    }
  }

  async function readMessage({ request }: Exchange, { route, values }: Match & { kind: "found" }): Promise<Input> {
    const contentType = single(request, "content-type");
    const anyType = isLenient(route.served.jsonOptions) || isRawBody(route.method.input, route.body);
    if (route.body.kind !== "none" && !anyType && !isJsonType(contentType)) {
      return refusal(415, "the body has to be application/json in UTF-8", { accept: "application/json" });
    }
    const body = await readBody(request, maxBodyBytes);
    switch (body.kind) {
      case "cut_short":
        return { kind: "gone" };
      case "too_large":
        return refusal(413, `the body is larger than ${maxBodyBytes} bytes`);
      case "unknown_encoding":
        return refusal(415, "the Content-Encoding is not known", { "accept-encoding": acceptedEncoding });
      case "malformed":
        return refusal(400, "the body is not what its Content-Encoding says");
      case "read":
        break;
    }
    const query = queryOf(request);
    return {
      kind: "message",
      message: readRequest({ route, values, query, body: { bytes: body.bytes, contentType } }),
    };
  }
}

function isStreaming(method: Route["method"]): method is DescMethodServerStreaming {
  return method.methodKind === "server_streaming";
}

function answer({ request, response, context }: Exchange, route: Route, call: OpenCall, message: Message): void {
  const body = writeAnswer(route.method.output, message, route.responseBody, route.served.jsonOptions);
  const { saidHeader, saidTrailer } = call.context;
  if (saidHeader === undefined && saidTrailer === undefined) {
    sendPlain(response, context.said, body);
    return;
  }
  say(request, response, context);
  if (saidHeader !== undefined) setMetadata(response, saidHeader);
  if (saidTrailer !== undefined) setTrailers(response, saidTrailer);
  sendAnswer(response, body);
}

function refusal(status: number, problem: string, headers: Record<string, string> = {}): Refused {
  return { kind: "refused", status, problem, headers, code: Code.InvalidArgument };
}

/** For what is wrong with the exchange before any service has a say in it. */
function refuse({ request, response, context }: Exchange, { status, problem, headers, code }: Refused): void {
  say(request, response, context);
  sendError(response, new ConnectError(problem, code, headers), undefined, status);
}
