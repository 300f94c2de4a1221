// How does an edge that is no RPC answer? Each call is bounded in size and time, put on record, and fails in its edge's words.

import { Outage } from "../../outage.ts";
import { reasonOnRecord, Refusal } from "../../reset/refusal.ts";
import type { AuditEvent, AuditOutcome } from "../../telemetry/audit.ts";
import { second, type Milliseconds } from "../../units.ts";
import { readBody } from "./body.ts";
import { requestIdKey } from "./call-values.ts";
import { callerKey } from "./caller-value.ts";
import { reply, type ExchangeContext, type HttpRequest, type HttpResponse, type MaybeHandler } from "./exchange.ts";
import type { CallObserver } from "./observe-calls.ts";
import {
  eventKey,
  PlainRefusal,
  type PlainAnswer,
  type PlainHandler,
  type PlainRequest,
  type PlainWords,
} from "./plain-call.ts";
import { plainRouteTable, type PlainParameters, type PlainRoute } from "./plain-route.ts";
import { headersOf } from "./request-headers.ts";
import { retryAfterSeconds } from "./rich-error.ts";

/** One edge: its calls, each with its name on record, and its words. */
export type PlainEdge = {
  readonly routes: readonly (PlainRoute<PlainHandler> & { readonly event: AuditEvent })[];
  readonly words: PlainWords;
  /** Headers of its own that pages on the list of origins may send. */
  readonly requestHeaders: readonly string[];
};

export type PlainOptions = {
  readonly observer: CallObserver;
  /** Of a body, before and after it is unpacked. */
  readonly maxBodyBytes?: number;
  /** Its clients name no deadline. A handler that is late goes on by itself: its own rules finish or release. */
  readonly timeoutMs?: Milliseconds;
};

/** Such an API's largest message is a password of 4 kB beside some answers of a CAPTCHA, 2 kB each. */
const defaultMaxBodyBytes = 64 * 1024;

/** Longer than the longest wait for a hash and a directory together. */
const defaultTimeoutMs = 30 * second;

/** Nobody hears an answer, and nothing was done that belongs on record. */
const clientGone = new Error("the client went away");

type Ending = { readonly outcome: AuditOutcome; readonly reason?: string; readonly answer: PlainAnswer };

export function servePlain(
  { routes, words }: Pick<PlainEdge, "routes" | "words">,
  options: PlainOptions,
): MaybeHandler {
  const { observer, maxBodyBytes = defaultMaxBodyBytes, timeoutMs = defaultTimeoutMs } = options;
  const find = plainRouteTable(routes);

  return async (request, response, context) => {
    const found = find(request.method ?? "", context.path);
    if (found.kind === "unknown") return false;
    if (found.kind === "wrong_method") {
      const answer = words.wrongMethod();
      send(response, { ...answer, headers: { ...answer.headers, allow: found.allow.join(", ") } });
      return true;
    }
    const call = toCall(request, context, found.parameters);
    const { route } = found;
    const ending = await inTime(route.handler(call)).then(
      (answer): Ending => ({ outcome: "done", answer }),
      (cause: unknown) => (cause === clientGone ? undefined : inWords(cause, call)),
    );
    if (ending === undefined) {
      response.destroy();
      return true;
    }
    const { answer, ...end } = ending;
    observer.ended({ event: eventOf(call, route.event, ending), values: context.values, ...end });
    send(response, answer);
    return true;
  };

  function toCall(request: HttpRequest, context: ExchangeContext, parameters: PlainParameters): PlainRequest {
    const { method = "", url = "" } = request;
    const at = url.indexOf("?");
    return {
      method,
      path: context.path,
      parameters,
      authority: String(request.headers[":authority"] ?? request.headers.host ?? ""),
      query: at < 0 ? "" : (url.slice(at + 1).split("#", 1)[0] ?? ""),
      headers: headersOf(request),
      values: context.values,
      async readBody() {
        const body = await readBody(request, maxBodyBytes);
        if (body.kind === "read") return body.bytes;
        if (body.kind === "cut_short") throw clientGone;
        throw new PlainRefusal(words.unreadable(body.kind), body.kind);
      },
    };
  }

  function inWords(cause: unknown, call: PlainRequest): Ending {
    if (cause instanceof Refusal) {
      const { details } = cause;
      const retryAfterMs = "retryAfterMs" in details ? details.retryAfterMs : second;
      const answer = later(words.refusal(details, call), retryAfterMs);
      return { outcome: "refused", reason: reasonOnRecord(details), answer };
    }
    if (cause instanceof PlainRefusal) return { outcome: "refused", reason: cause.reason, answer: cause.answer };
    observer.fault(cause, call.values.get(requestIdKey));
    return cause instanceof Outage
      ? { outcome: "failed", reason: cause.dependency, answer: later(words.outage(), second) }
      : { outcome: "failed", reason: "fault", answer: words.fault() };
  }

  async function inTime(work: Promise<PlainAnswer>): Promise<PlainAnswer> {
    const { promise, reject } = Promise.withResolvers<never>();
    const cause = `no answer within ${timeoutMs} ms`;
    const timer = setTimeout(() => reject(new Outage("deadline", { cause })), timeoutMs);
    return await Promise.race([work, promise]).finally(() => clearTimeout(timer));
  }
}

function send(response: HttpResponse, { status, headers, body }: PlainAnswer): void {
  reply(response, status, headers, body);
}

/** Who was never let in is on record like who is turned away at a gate. Guard: ASVS 5.0 16.3.1. */
function eventOf({ values }: PlainRequest, event: AuditEvent, { outcome }: Ending): AuditEvent {
  const isTurnedAway = outcome === "refused" && values.get(callerKey) === undefined;
  return isTurnedAway ? "call.rejected" : (values.get(eventKey) ?? event);
}

/** Spec: RFC 6585 §4, RFC 9110 §15.6.4. */
function later(answer: PlainAnswer, retryAfterMs: Milliseconds): PlainAnswer {
  if (answer.status !== 429 && answer.status !== 503) return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": retryAfterSeconds(retryAfterMs) } };
}
