// Does a call without a wire format run what a call over the wire runs? In the same order, with the same ends.

import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { GetUserRequestSchema, GetUserResponseSchema, UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { callValues, requestIdKey } from "../../src/edge/http/call-values.ts";
import { endAtDeadline } from "../../src/edge/http/deadline.ts";
import { invokeUnary, openCall } from "../../src/edge/http/invoke-unary.ts";
import { serve } from "../../src/edge/http/served.ts";
import type { CallInit } from "../../src/edge/http/unary-call.ts";

const { getUser } = UserService.method;
const message = create(GetUserRequestSchema, { userId: "ann" });

function init(more: Partial<CallInit> = {}): CallInit {
  return {
    protocolName: "rest",
    requestMethod: "GET",
    url: "http://localhost/v1/users/ann",
    header: () => new Headers({ "x-told": "one" }),
    signal: () => new AbortController().signal,
    contextValues: callValues({ address: "203.0.113.7", host: "localhost", requestId: "r-1" }),
    ...more,
  };
}

const stuck = () => new Promise<never>(() => undefined);
const notReached = () => expect.fail("the handler should not run");

test("gate, interceptors and implementation run in this order, and see the call", async () => {
  const steps: string[] = [];
  const named =
    (name: string): Interceptor =>
    (next) =>
    async (request) => {
      steps.push(`${name} ${request.contextValues.get(requestIdKey)}`);
      return next(request);
    };
  const served = serve(
    UserService,
    {
      getUser: ({ userId }, context) => {
        steps.push(`handler ${context.protocolName} ${context.requestHeader.get("x-told")}`);
        context.responseHeader.set("x-heard", "header");
        context.responseTrailer.set("x-heard", "trailer");
        return { user: { userId } };
      },
    },
    {
      gate: ({ requestMethod }) => void steps.push(`gate ${requestMethod}`),
      interceptors: [named("outer"), named("inner")],
    },
  );
  const answer = await invokeUnary(served, getUser, { ...init(), message });
  expect(steps).toEqual(["gate GET", "outer r-1", "inner r-1", "handler rest one"]);
  expect(answer.message).toEqual(create(GetUserResponseSchema, { user: { userId: "ann" } }));
  expect(answer.header.get("x-heard")).toBe("header");
  expect(answer.trailer.get("x-heard")).toBe("trailer");
});

test("a gate that refuses ends the call before all else, and its headers are kept", async () => {
  const served = serve(
    UserService,
    { getUser: notReached },
    {
      gate: ({ responseHeader }) => {
        responseHeader.set("www-authenticate", "Bearer");
        throw new ConnectError("no key", Code.Unauthenticated);
      },
    },
  );
  const call = openCall(served, getUser, init());
  await expect(async () => call.admit()).rejects.toMatchObject({ code: Code.Unauthenticated });
  expect(call.context.responseHeader.get("www-authenticate")).toBe("Bearer");
});

test("a method that nobody wrote is unimplemented", async () => {
  const answer = invokeUnary(serve(UserService, {}), getUser, { ...init(), message });
  await expect(answer).rejects.toMatchObject({ code: Code.Unimplemented });
});

test("the deadline ends a call whose handler does not listen", async () => {
  const served = serve(UserService, { getUser: stuck }, { interceptors: [endAtDeadline] });
  const answer = invokeUnary(served, getUser, { ...init({ timeoutMs: 20 }), message });
  await expect(answer).rejects.toMatchObject({ code: Code.DeadlineExceeded });
});

test("a deadline that has passed already ends a call before its handler", async () => {
  const served = serve(UserService, { getUser: notReached }, { interceptors: [endAtDeadline] });
  const answer = invokeUnary(served, getUser, { ...init({ timeoutMs: 0 }), message });
  await expect(answer).rejects.toMatchObject({ code: Code.DeadlineExceeded });
});

test("a stopping service, and a client that left, let a handler finish", async () => {
  const [stopping, client] = [new AbortController(), new AbortController()];
  const served = serve(
    UserService,
    {
      getUser: ({ userId }, { signal }) => {
        stopping.abort(new ConnectError("shutting down", Code.Unavailable));
        client.abort();
        expect(signal.aborted).toBe(true);
        return { user: { userId } };
      },
    },
    { interceptors: [endAtDeadline] },
  );
  const call = init({ shutdownSignal: stopping.signal, signal: () => client.signal, timeoutMs: 60_000 });
  expect((await invokeUnary(served, getUser, { ...call, message })).message.user?.userId).toBe("ann");
});

test("after the call its signal is aborted, so that what it began is let go", async () => {
  const signals: AbortSignal[] = [];
  const served = serve(UserService, {
    getUser: (_, { signal }) => {
      signals.push(signal);
      return {};
    },
  });
  await invokeUnary(served, getUser, { ...init({ timeoutMs: 60_000 }), message });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});
