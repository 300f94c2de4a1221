// Do the services of ours answer over plain HTTP as their proto files say?

import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { InboxService } from "../../gen/rekey/v1/inbox_service_pb.ts";
import {
  PasswordResetResponseSchema,
  PasswordService,
  type PasswordResetRequest,
  type SetPasswordRequest,
} from "../../gen/rekey/v1/password_service_pb.ts";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { UserService as ZitadelUserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { richError } from "../../src/edge/http/rich-error.ts";
import { serve } from "../../src/edge/http/served.ts";
import { makeRestHandler } from "../../src/edge/rest/rest-handler.ts";
import { makeRouteTable } from "../../src/edge/rest/route-table.ts";
import { startEdge } from "../support/start-edge.ts";

function bearerOnly(context: HandlerContext): void {
  if (context.requestHeader.get("authorization") === "Bearer key") return;
  throw new ConnectError("a key is needed", Code.Unauthenticated, { "www-authenticate": "Bearer" });
}

const expiration = new Date("2026-01-31T23:59:59Z");

/** Of an answer that is an error. */
type ErrorJson = { code: number; message: string };

/** What the implementation was called with. */
type Calls = { resets: PasswordResetRequest[]; sets: SetPasswordRequest[] };

async function start() {
  const calls: Calls = { resets: [], sets: [] };
  const passwords = serve(
    PasswordService,
    {
      passwordReset(request) {
        calls.resets.push(request);
        return create(PasswordResetResponseSchema, {
          details: { sequence: 7n, resourceOwner: "org" },
          verificationCode: "ABC123",
          expirationDate: timestampFromDate(expiration),
        });
      },
      setPassword(request) {
        calls.sets.push(request);
        throw richError({
          code: Code.ResourceExhausted,
          reason: "TOO_MANY_TRIES",
          message: "Too many wrong codes.",
          retryAfterMs: 1500,
        });
      },
      revokeCodes: ({ userId }) => ({ details: { resourceOwner: userId } }),
    },
    { gate: bearerOnly },
  );
  const vendor = serve(
    ZitadelUserService,
    {
      passwordReset: ({ userId, medium }) => ({
        details: { resourceOwner: userId },
        verificationCode: medium.case === "sendLink" ? String(medium.value.notificationType) : "-",
      }),
    },
    { gate: bearerOnly, jsonOptions: { ignoreUnknownFields: true } },
  );
  const { take, handle: rest } = makeRestHandler({ served: [passwords, vendor], onFault: () => {} });
  const edge = await startEdge({ application: { takers: [take], rest } });
  const send = async (line: string, body?: string, headers: Record<string, string> = {}) => {
    const [method = "", path = ""] = line.split(" ");
    const init = { method, headers: { authorization: "Bearer key", ...headers }, body: body ?? null };
    const response = await fetch(edge.url + path, init);
    return { status: response.status, headers: response.headers, json: (await response.json()) as ErrorJson };
  };
  return { calls, send };
}

const json = { "content-type": "application/json" };

test("the routes of all services, ours and the vendor's, live beside each other", () => {
  const { routes } = makeRouteTable(
    [PasswordService, UserService, InboxService, ZitadelUserService].map((service) => serve(service, {})),
  );
  expect(routes.map(({ httpMethod, pattern }) => `${httpMethod} ${pattern}`)).toEqual([
    "POST /v1/users/{user_id}/password_reset",
    "POST /v1/users/{user_id}/password",
    "POST /v1/users/{user_id}/password_reset/check",
    "DELETE /v1/users/{user_id}/password_reset",
    "POST /v1/users",
    "GET /v1/users/{user_id}",
    "GET /v1/users",
    "PATCH /v1/users/{user.user_id}",
    "DELETE /v1/users/{user_id}",
    "GET /v1/dev/messages",
    "POST /v2/users",
    "GET /v2/users/{user_id}",
    "POST /v2/users/human",
    "POST /v2/users/new",
    "PATCH /v2/users/{user_id}",
    "POST /v2/users/{user_id}/password_reset",
    "POST /v2/users/{user_id}/password",
  ]);
});

describe("a reset", () => {
  test.each([[`{"return_code":{}}`], [`{"returnCode":{}}`]])("%s is read in both spellings", async (body) => {
    const { calls, send } = await start();
    const { status, json: answer } = await send("POST /v1/users/ann%2F1/password_reset", body, json);
    expect(status).toBe(200);
    expect(answer).toEqual({
      details: { sequence: "7", resourceOwner: "org" },
      verificationCode: "ABC123",
      expirationDate: "2026-01-31T23:59:59Z",
    });
    expect(calls.resets).toMatchObject([{ userId: "ann/1", medium: { case: "returnCode" } }]);
  });

  test("without a key is refused, and nothing of the request is judged", async () => {
    const { calls, send } = await start();
    const { status, headers } = await send("POST /v1/users/ann/password_reset?x=1", "{", { authorization: "" });
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(calls.resets).toEqual([]);
  });

  test("with both media is refused in a clear sentence", async () => {
    const { calls, send } = await start();
    const body = `{"send_link":{},"return_code":{}}`;
    const { status, json: answer } = await send("POST /v1/users/ann/password_reset", body, json);
    expect(status).toBe(400);
    expect(answer).toEqual({
      code: 3,
      message: "return_code cannot be given together with send_link",
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "FIELD_INVALID", domain: "rekey" },
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [
            {
              field: "return_code",
              reason: "ONEOF_CONFLICT",
              description: "cannot be given together with send_link",
            },
          ],
        },
      ],
    });
    expect(calls.resets).toEqual([]);
  });

  // A wrong nesting that a lenient reader would take for "no medium", and mail somebody.
  test("with a medium in the wrong place is refused", async () => {
    const { calls, send } = await start();
    const { status, json: answer } = await send(
      "POST /v1/users/ann/password_reset",
      `{"medium":{"returnCode":{}}}`,
      json,
    );
    expect([status, answer.message]).toEqual([400, "medium is not a known field"]);
    expect(calls.resets).toEqual([]);
  });

  // Guard: ASVS 5.0 15.3.7: the path names the user, and nothing else can
  test("takes its user from the path", async () => {
    const { calls, send } = await start();
    await send("POST /v1/users/ann/password_reset", `{"userId":"bob","returnCode":{}}`, json);
    const { json: answer } = await send("POST /v1/users/ann/password_reset?user_id=bob", `{"returnCode":{}}`, json);
    expect(answer.message).toBe("user_id is not a parameter: this call reads its body");
    expect(calls.resets.map((request) => request.userId)).toEqual(["ann"]);
  });

  test("without a user is no route", async () => {
    const { send } = await start();
    expect((await send("POST /v1/users//password_reset", "{}")).status).toBe(404);
  });
});

describe("a new password", () => {
  test("that is refused for a while says when to come back, the same in header and details", async () => {
    const { send } = await start();
    const body = `{"new_password":{"password":"x"},"verification_code":"A"}`;
    const { status, headers, json: answer } = await send("POST /v1/users/ann/password", body, json);
    expect(status).toBe(429);
    expect(headers.get("retry-after")).toBe("2");
    expect(answer).toEqual({
      code: 8,
      message: "Too many wrong codes.",
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "TOO_MANY_TRIES", domain: "rekey" },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.500s" },
      ],
    });
  });

  // A string where the message belongs: the decoder's own sentence would quote it.
  test.each([
    [`{"new_password":"correct horse"}`, "new_password must be a JSON object"],
    [`{"new_password":{"password":["correct horse"]}}`, "new_password.password must be a string"],
    [`{"new_password":{"password":"correct horse"`, "the body is not valid JSON"],
  ])("is never quoted in an error: %s", async (body, message) => {
    const { calls, send } = await start();
    const { json: answer } = await send("POST /v1/users/ann/password", body, json);
    expect(answer.message).toBe(message);
    expect(JSON.stringify(answer)).not.toContain("horse");
    expect(calls.sets).toEqual([]);
  });
});

test("codes are revoked by DELETE", async () => {
  const { send } = await start();
  expect((await send("DELETE /v1/users/ann/password_reset")).json).toEqual({ details: { resourceOwner: "ann" } });
});

// Vendor: Zitadel v2 REST gateway
describe("the vendor's service", () => {
  test.each([
    [`{"sendLink":{"notificationType":"NOTIFICATION_TYPE_SMS"}}`, "2"],
    [`{"sendLink":{"notificationType":"NOTIFICATION_TYPE_sms"}}`, "0"],
    [`{"sendLink":{},"unknown":1}`, "0"],
    [`{"medium":{"returnCode":{}}}`, "-"],
    ["", "-"],
  ])("reads %s of any content type", async (body, expected) => {
    const { send } = await start();
    const { status, json: answer } = await send("POST /v2/users/ann/password_reset", body, {
      "content-type": "text/x",
    });
    expect(status).toBe(200);
    expect(answer).toEqual({ details: { resourceOwner: "ann" }, verificationCode: expected });
  });

  test("answers errors without details of ours", async () => {
    const { send } = await start();
    const { status, json: answer } = await send("POST /v2/users/ann/password_reset", `{"sendLink":{},"returnCode":{}}`);
    expect(status).toBe(400);
    expect(answer).toEqual({ code: 3, message: "return_code cannot be given together with send_link" });
  });

  test("answers a wrong verb with 405 and code 12", async () => {
    const { send } = await start();
    const { status, json: answer } = await send("PUT /v2/users/ann/password_reset", "{}");
    expect([status, answer.code]).toEqual([405, 12]);
  });
});
