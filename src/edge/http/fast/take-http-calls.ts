// Which calls over request and response need not go through connect? Unary ones of Connect and gRPC-Web in their plainest
// form: one message, not packed. The gate, the interceptors, the handler and the words are the same; the rest goes on.

import type { ServerResponse } from "node:http";

import { say } from "../every-answer.ts";
import {
  replyFault,
  clientSignal,
  type ExchangeContext,
  type HttpRequest,
  type HttpResponse,
  type Taker,
} from "../exchange.ts";
import { type WholeRead, readWhole } from "../read-whole.ts";
import { readHeaders } from "../request-headers.ts";
import { limitsOf, type RpcHandler, type RpcOptions } from "../rpc.ts";
import type { Served } from "../served.ts";
import { UnaryCall } from "../unary-call.ts";
import { connectForms } from "./connect-form.ts";
import { fastMethods, type FastMethod } from "./fast-method.ts";
import type { HttpAnswer, HttpForm } from "./http-form.ts";
import { rememberName } from "./remember-name.ts";
import { webForms } from "./web-form.ts";

export type TakeHttpCallsOptions = RpcOptions & {
  readonly served: readonly Served[];
  /** For a call that turns out to be unusual. */
  readonly ordinary: RpcHandler;
};

type Exchange = {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly context: ExchangeContext;
  readonly method: FastMethod;
  readonly form: HttpForm;
  readonly call: UnaryCall;
};

/** How a call went on: with an answer, or with what was read of a body that connect has to judge. */
type Outcome =
  | { readonly kind: "answer"; readonly answer: HttpAnswer }
  | Exclude<WholeRead, { kind: "whole" }>
  | Unusual;
type Unusual = { readonly kind: "unusual"; readonly read: Buffer };

export function takeHttpCalls(options: TakeHttpCallsOptions): Taker {
  const { onFault, ordinary, served, shutdownSignal } = options;
  const limits = limitsOf(options);
  const methods = fastMethods(served, limits, onFault);
  const forms = new Map([...connectForms(served, limits), ...webForms(limits)]);
  const nameOf = rememberName();

  return (request, response, context) => {
    const { headers } = request;
    const method = methods.get(context.path);
    const form = forms.get(headers["content-type"] ?? "");
    // What is more than the path may say the same in other words.
    if (method === undefined || form === undefined || request.url !== context.path || !isPlain(request, form))
      return false;
    const timeout = form.timeoutOf(headers);
    const name = timeout.error === undefined ? nameOf("encrypted" in request.socket, headers) : undefined;
    if (name === undefined) return false;
    const call = new UnaryCall(method.method, {
      protocolName: form.protocolName,
      requestMethod: "POST",
      url: name.origin + method.path,
      header: () => form.headerOf(headers),
      signal: () => clientSignal(response),
      contextValues: context.values,
      timeoutMs: timeout.timeoutMs,
      shutdownSignal,
      answerHeader: form.answerHeader,
      ...(form.answerTrailer && { answerTrailer: form.answerTrailer }),
    });
    serve({ request, response, context, method, form, call }).catch((cause: unknown) => {
      onFault(cause, context.requestId);
      say(request, response, context);
      replyFault(response);
    });
    return true;
  };

  async function serve(exchange: Exchange): Promise<void> {
    const { request, response, context, call } = exchange;
    const outcome = await run(exchange);
    // As connect does, before anybody hears of it.
    call.end();
    switch (outcome.kind) {
      case "answer":
        send(exchange, outcome.answer);
        break;
      case "gone":
        response.destroy();
        break;
      case "unusual":
      case "too_large":
        // The gate is asked again; it only reads headers.
        say(request, response, context);
        ordinary(withRead(request, outcome), response, context);
    }
  }
}

async function run({ request, method, form, call }: Exchange): Promise<Outcome> {
  try {
    const admission = method.gate?.(call, readHeaders(request.headers));
    // Waiting for what is there already costs a turn.
    if (admission !== undefined) await admission;
    const read = await readWhole(request, form.maxBodyBytes);
    if (read.kind !== "whole") return read;
    const asked = form.read(method, read.bytes);
    if (asked === undefined) return { kind: "unusual", read: read.bytes };
    const message = call.take(await method.chain(call.ask(asked)));
    const answer = form.answer(method, message, { call, request });
    return { kind: "answer", answer: answer instanceof Promise ? await answer : answer };
  } catch (cause) {
    return { kind: "answer", answer: await form.fail(method, cause, { call, request }) };
  }
}

/** `Content-Encoding` is connect's to judge, and who sends `Expect` waits for a word before the body. */
function isPlain({ method, headers }: HttpRequest, form: HttpForm): boolean {
  return (
    method === "POST" &&
    headers["content-encoding"] === undefined &&
    headers.expect === undefined &&
    !(Number(headers["content-length"]) > form.maxBodyBytes) &&
    form.isUnpacked(headers)
  );
}

/** With what was read put before the rest, see `chunksOf`. */
function withRead(request: HttpRequest, { kind, read }: Exclude<Outcome, { kind: "answer" | "gone" }>): HttpRequest {
  const rest = "stream" in request ? request.stream : request;
  async function* body() {
    if (read.length > 0) yield read;
    // Not destroyed on return: the answer still has to go out.
    if (kind === "too_large") yield* rest.iterator({ destroyOnReturn: false });
  }
  return Object.assign(request, { [Symbol.asyncIterator]: body });
}

/**
 * Over HTTP/2 in one piece, as far as the client has said all of its own: Node's response would wait for trailers, which
 * neither protocol has, and say by a frame of its own, a turn later, that this was all. A client whose own deadline passes
 * in between takes one that was exceeded for a service that is away. Who left hears nothing.
 */
function send({ request, response, context }: Exchange, answer: HttpAnswer): void {
  if (answer.kind === "any") say(request, response, context);
  if ("stream" in response && response.stream.readableEnded) {
    const { stream } = response;
    if (stream.closed || stream.destroyed) return;
    stream.respond(
      answer.kind === "plain"
        ? [":status", "200", ...context.said, ...answer.fields]
        : { ":status": answer.status, ...response.getHeaders(), ...answer.header },
    );
    stream.end(answer.body);
    return;
  }
  // Both versions take the same; only their overloads differ.
  const http1 = response as ServerResponse;
  if (answer.kind === "plain") http1.writeHead(200, [...context.said, ...answer.fields]);
  else http1.writeHead(answer.status, answer.header);
  http1.end(answer.body);
}
