// Which service shows what a handler sees and says? UserService, whose user id tells what is to happen in a call.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type Interceptor } from "@connectrpc/connect";

import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import {
  type GetUserRequest,
  type GetUserResponseSchema,
  UserService,
  type UserState,
} from "../../gen/rekey/v1/user_service_pb.ts";
import { endAtDeadline } from "../../src/edge/http/deadline.ts";
import { serve, type Served } from "../../src/edge/http/served.ts";
import { refuseSwitchedOff } from "../../src/edge/http/switched-off.ts";

type Answer = MessageInitShape<typeof GetUserResponseSchema>;

export type Seen = { readonly signals: AbortSignal[]; readonly calls: string[] };

export function parityUsers(seen: Seen): Served {
  const getUser = async ({ userId }: GetUserRequest, context: HandlerContext): Promise<Answer> => {
    seen.calls.push(userId);
    const [act = "", said = ""] = userId.split(":");
    switch (act) {
      case "stuck":
        seen.signals.push(context.signal);
        return new Promise<never>(() => undefined);
      case "signal":
        seen.signals.push(context.signal);
        return {};
      case "fault":
        throw new Error("the secret cause");
      case "refuse":
        throw refusal(said);
      case "nothing":
        return {};
      case "long":
        return { user: { userName: "x".repeat(Number(said)) } };
      case "unwritable":
        return { user: { state: (2 ** 40) as UserState } };
      case "bad-header":
        context.responseHeader.set("te", "x");
        return {};
      case "context":
        return { user: { userName: JSON.stringify(described(context)) } };
      case "answer":
        for (const [name, value] of context.requestHeader) {
          if (!name.startsWith("told")) continue;
          context.responseHeader.append(name.replace("told", "heard"), value);
          context.responseTrailer.append(name.replace("told", "heard-last"), value);
        }
        return { user: { userId } };
      default:
        return { user: { userId } };
    }
  };
  return serve(UserService, { getUser }, { gate, interceptors: [endAtDeadline, meddle] });
}

function described(context: HandlerContext): Record<string, unknown> {
  const { method, service, protocolName, requestMethod, url, requestHeader, responseHeader, responseTrailer } = context;
  return {
    method: method.name,
    service: service.typeName,
    protocolName,
    requestMethod,
    path: new URL(url).pathname,
    scheme: new URL(url).protocol,
    timeout: context.timeoutMs(),
    aborted: context.signal.aborted,
    // The one thing that differs from port to port.
    asked: [...requestHeader].filter(([name]) => name !== "host"),
    header: [...responseHeader],
    trailer: [...responseTrailer],
  };
}

function refusal(message: string): ConnectError {
  const error = new ConnectError(message, Code.FailedPrecondition, { "retry-after": "7", "why-bin": "AAEC" });
  error.details.push({ desc: ErrorInfoSchema, value: { reason: "CODE_WRONG", domain: "rekey" } });
  return error;
}

/** The header `gate` says what it does. */
async function gate({ requestHeader, responseHeader, protocolName, values }: HandlerContext): Promise<void> {
  const act = requestHeader.get("gate");
  await Promise.resolve();
  if (act === "fault") throw new Error("the secret cause");
  if (act === "off") refuseSwitchedOff({ protocolName, values }, { switchedOff: new Set(["it"]) }, "it");
  if (act !== "closed") return;
  responseHeader.set("x-gate", "closed");
  throw new ConnectError("no key: 100%", Code.Unauthenticated, { "www-authenticate": "Bearer" });
}

/** Hands on a request and an answer of its own, when it is asked to. */
const meddle: Interceptor = (next) => async (request) => {
  if (request.stream || request.header.get("meddle") === null) return next(request);
  const header = new Headers(request.header);
  header.set("told", "otherwise");
  const answer = await next({ ...request, header });
  const more = (fields: Headers) => new Headers([...fields, ["x-more", "yes"]]);
  return Object.assign({ ...answer }, { header: more(answer.header), trailer: more(answer.trailer) });
};
