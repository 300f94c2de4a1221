// Is one implementation the same service over every protocol, HTTP version and codec?

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { Health, HealthCheckResponse_ServingStatus as Status } from "../../gen/grpc/health/v1/health_pb.ts";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { serve } from "../../src/edge/http/served.ts";
import { ways } from "../support/call-ways.ts";
import { detail, echoUsers } from "../support/echo-users.ts";
import { startEdge, type EdgeOptions } from "../support/start-edge.ts";

async function caught(promise: Promise<unknown>): Promise<ConnectError> {
  return ConnectError.from(
    await promise.then(
      () => expect.fail("the call should fail"),
      (cause: unknown) => cause,
    ),
  );
}

function closedGate(): never {
  throw new ConnectError("no key", Code.Unauthenticated, { "www-authenticate": "Bearer" });
}

describe.each(ways)("$name", ({ open }) => {
  async function users(options: EdgeOptions = {}) {
    const edge = await startEdge({ served: [echoUsers()], ...options });
    return { edge, client: createClient(UserService, open(edge.url)) };
  }

  test("a unary call is answered", async () => {
    const { client } = await users();
    const { user } = await client.getUser({ userId: "ann" });
    expect(user?.userId).toBe("ann");
  });

  test("repeated headers arrive, and headers and trailers come back, all of them", async () => {
    const { client } = await users();
    const headers = new Headers([
      ["x-told", "one"],
      ["x-told", "two"],
    ]);
    const heard: Record<string, string | null> = {};
    await client.getUser(
      { userId: "ann" },
      {
        headers,
        onHeader: (header) => (heard["header"] = header.get("x-heard")),
        onTrailer: (trailer) => (heard["trailer"] = trailer.get("x-heard-last")),
      },
    );
    expect(heard).toEqual({ header: "one, two, again", trailer: "one, two" });
  });

  test.each(["wrong code: 2 tries left, try a/b? 50%", "ключ не подходит 🔑", "", " spaces ", "%41"])(
    "an error keeps its code, its message %j and its details",
    async (message) => {
      const { client } = await users();
      const error = await caught(client.getUser({ userId: `refuse:${message}` }));
      expect(error.code).toBe(Code.FailedPrecondition);
      expect(error.rawMessage).toBe(message);
      expect(error.findDetails(ErrorInfoSchema)).toEqual([expect.objectContaining(detail)]);
    },
  );

  // Guard: ASVS 5.0 16.5.1
  test("a fault tells nobody its cause", async () => {
    const { client } = await users();
    const error = await caught(client.getUser({ userId: "fault" }));
    expect(error.code).toBe(Code.Internal);
    expect(error.rawMessage).toBe("internal error");
    expect(JSON.stringify([...error.metadata])).not.toContain("secret");
  });

  test("the server ends a stuck call at the client's deadline", async () => {
    const { edge } = await users();
    // The header alone, without a timer in the client: the answer can only be the server's.
    const client = createClient(UserService, open(edge.url));
    const headers = { "grpc-timeout": "50m", "connect-timeout-ms": "50" };
    const error = await caught(client.getUser({ userId: "stuck" }, { headers }));
    expect(error.code).toBe(Code.DeadlineExceeded);
  });

  test("a longer deadline than allowed is refused", async () => {
    const { client } = await users({ rpc: { maxTimeoutMs: 1000 } });
    const error = await caught(client.getUser({ userId: "ann" }, { timeoutMs: 60_000 }));
    expect(error.code).toBe(Code.InvalidArgument);
  });

  test("a method that the service declares and nobody wrote is unimplemented", async () => {
    const { client } = await users();
    const error = await caught(client.deleteUser({ userId: "ann" }));
    expect(error.code).toBe(Code.Unimplemented);
  });

  test("a service that is not served is unimplemented", async () => {
    const { edge } = await users();
    const error = await caught(createClient(Health, open(edge.url)).check({}));
    expect(error.code).toBe(Code.Unimplemented);
  });

  test("a server stream arrives message by message", async () => {
    const statuses = [Status.SERVING, Status.NOT_SERVING, Status.SERVING];
    const health = serve(Health, {
      async *watch() {
        for (const status of statuses) yield { status };
      },
    });
    const edge = await startEdge({ served: [health] });
    const seen: Status[] = [];
    for await (const { status } of createClient(Health, open(edge.url)).watch({})) seen.push(status);
    expect(seen).toEqual(statuses);
  });

  test("the gate refuses before the implementation, with its headers", async () => {
    const { client } = await users({ served: [echoUsers({ gate: closedGate })] });
    const error = await caught(client.getUser({ userId: "ann" }));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(error.metadata.get("www-authenticate")).toBe("Bearer");
  });

  test("a fault in the gate is reported once, with the id of its request, and told to nobody", async () => {
    const cause = new Error("the secret cause");
    const gate = () => {
      throw cause;
    };
    const { edge, client } = await users({ served: [echoUsers({ gate })] });
    const error = await caught(client.getUser({ userId: "ann" }, { headers: { "x-request-id": "r-1" } }));
    expect(error.rawMessage).toBe("internal error");
    expect(edge.faults).toEqual([{ cause, requestId: "r-1" }]);
  });
});
