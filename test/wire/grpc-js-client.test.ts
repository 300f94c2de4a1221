// Does Google's own gRPC client for Node understand us? Its answers, its errors, its deadline.

import { Client, credentials, Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, onTestFinished, test } from "vitest";
import { Health, type HealthCheckResponse, HealthCheckResponseSchema } from "../../gen/grpc/health/v1/health_pb.ts";
import { HealthCheckResponse_ServingStatus as Status } from "../../gen/grpc/health/v1/health_pb.ts";
import { StatusSchema } from "../../gen/google/rpc/status_pb.ts";
import {
  GetUserRequestSchema,
  GetUserResponseSchema,
  type GetUserResponse,
} from "../../gen/rekey/v1/user_service_pb.ts";
import { serve } from "../../src/edge/http/served.ts";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

async function startClient(served = echoUsers()): Promise<Client> {
  const { port } = await startEdge({ served: [served] });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => client.close());
  return client;
}

async function getUser(
  client: Client,
  userId: string,
  path = "/rekey.v1.UserService/GetUser",
  metadata = new Metadata(),
) {
  return new Promise<GetUserResponse>((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (message: Uint8Array) => Buffer.from(message),
      (bytes) => fromBinary(GetUserResponseSchema, bytes),
      toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { userId })),
      metadata,
      (error, response) => (error === null ? resolve(response as GetUserResponse) : reject(error)),
    );
  });
}

async function failure(client: Client, ...call: [userId: string, path?: string, metadata?: Metadata]) {
  return getUser(client, ...call).then(
    () => expect.fail("the call should fail"),
    (cause: unknown) => cause as ServiceError,
  );
}

describe("a grpc-js client", () => {
  test("is answered", async () => {
    expect((await getUser(await startClient(), "ann")).user?.userId).toBe("ann");
  });

  test.each([
    "code: wrong, try a/b; 50% left?",
    "100% sure: 3 < 4 & 5 > 4 # + = @ $",
    "%3A%2C%2F",
    "неверный код, 错误 🔑",
    "line\nbreak\tand tab",
  ])("reads the message %j as it was written", async (message) => {
    const error = await failure(await startClient(), `refuse:${message}`);
    expect(error.code).toBe(status.FAILED_PRECONDITION);
    expect(error.details).toBe(message);
  });

  test("reads the details", async () => {
    const error = await failure(await startClient(), "refuse:code: wrong");
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    const rich = fromBinary(StatusSchema, bytes as Buffer);
    expect(rich).toMatchObject({ code: status.FAILED_PRECONDITION, message: "code: wrong" });
    expect(rich.details.map(({ typeUrl }) => typeUrl)).toEqual(["type.googleapis.com/google.rpc.ErrorInfo"]);
  });

  test("hears of an unknown method", async () => {
    const error = await failure(await startClient(), "ann", "/rekey.v1.UserService/Nothing");
    expect(error.code).toBe(status.UNIMPLEMENTED);
    expect(error.details).toBe("this method is not served here");
  });

  test("is ended by the server at its deadline", async () => {
    const metadata = new Metadata();
    // Sent by hand: the client itself keeps no clock, so the answer can only be the server's.
    metadata.set("grpc-timeout", "50m");
    const error = await failure(await startClient(), "stuck", undefined, metadata);
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
  });

  test("reads a stream to its end", async () => {
    const statuses = [Status.SERVING, Status.NOT_SERVING];
    const watching = serve(Health, {
      async *watch() {
        for (const status of statuses) yield { status };
      },
    });
    const stream = (await startClient(watching)).makeServerStreamRequest(
      "/grpc.health.v1.Health/Watch",
      (message: Uint8Array) => Buffer.from(message),
      (bytes) => fromBinary(HealthCheckResponseSchema, bytes),
      Buffer.of(),
    );
    const seen: Status[] = [];
    for await (const message of stream) seen.push((message as HealthCheckResponse).status);
    expect(seen).toEqual(statuses);
  });
});
