// How does a stream of answers go out over plain HTTP? One JSON object a line, or the bytes of each HttpBody in turn.

import { once } from "node:events";
import type { DescMethodServerStreaming, JsonObject, Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type MethodImpl } from "@connectrpc/connect";
import { createAsyncIterable, transformInvokeImplementation } from "@connectrpc/connect/protocol";
import { replyFault, type HttpResponse } from "../http/exchange.ts";
import type { Served } from "../http/served.ts";
import { answerJson, rawAnswer, typeOf } from "./response.ts";
import type { Route } from "./rule.ts";
import { setMetadata } from "./send.ts";

/** Calls the method with one message, through the service's interceptors. */
export function invokeServerStream(
  served: Served,
  method: DescMethodServerStreaming,
  context: HandlerContext,
  message: Message,
): AsyncIterable<Message> {
  const impl = served.implementation[method.localName] as MethodImpl<DescMethodServerStreaming> | undefined;
  if (impl === undefined) {
    throw new ConnectError(`${method.parent.typeName}.${method.name} is not implemented`, Code.Unimplemented);
  }
  const spec = { kind: "server_streaming" as const, method, impl };
  return transformInvokeImplementation(spec, context, [...served.interceptors])(createAsyncIterable([message]));
}

export type StreamAnswer = {
  response: HttpResponse;
  route: Route;
  messages: AsyncIterable<Message>;
  header: Headers;
  /** Aborts when the client goes away. */
  gone: AbortSignal;
  describe: (cause: unknown) => JsonObject;
};

/**
 * Writes `{"result":…}` lines, and `{"error":…}` as the last one when the stream fails on its way. Until the first message
 * nothing is sent: an error before that rejects, and can still be an ordinary answer.
 * Vendor: grpc-gateway v2, ForwardResponseStream
 */
export async function sendStream({ response, route, messages, header, gone, describe }: StreamAnswer): Promise<void> {
  const { method, responseBody, served } = route;
  const iterator = messages[Symbol.asyncIterator]();
  let next = await iterator.next();
  const first = next.done === true ? undefined : rawAnswer(method.output, next.value, responseBody);
  setMetadata(response, header);
  response.statusCode = 200;
  response.setHeader("content-type", first === undefined ? "application/json" : typeOf(first));
  try {
    for (; next.done !== true && !gone.aborted; next = await iterator.next()) {
      const raw = rawAnswer(method.output, next.value, responseBody);
      const json = () => line({ result: answerJson(method.output, next.value, responseBody, served.jsonOptions) });
      await write(response, raw?.data ?? json(), gone);
    }
  } catch (cause) {
    // Whoever left ended the stream; what the handler says to that concerns nobody.
    if (gone.aborted) return;
    const error = describe(cause);
    if (first !== undefined) {
      // Raw bytes have no place for an error: the client learns it from a stream that breaks off.
      replyFault(response);
      return;
    }
    await write(response, line({ error }), gone);
  } finally {
    await iterator.return?.();
  }
  response.end();
}

function line(json: JsonObject): string {
  return `${JSON.stringify(json)}\n`;
}

/** Waits while the client reads more slowly than the messages come. */
async function write(response: HttpResponse, chunk: string | Uint8Array, gone: AbortSignal): Promise<void> {
  if (gone.aborted || (response as NodeJS.WritableStream).write(chunk)) return;
  // Rejects when the client goes away; the loop then ends by itself.
  await once(response, "drain", { signal: gone }).catch(() => {});
}
