// Does gRPC's own client for Node work, with its deadlines, its error details and its health checks?

import {
  create,
  fromBinary,
  fromJson,
  toBinary,
  type DescMessage,
  type DescMethod,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Client, credentials, Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Health, HealthCheckResponse_ServingStatus as Serving } from "../../gen/grpc/health/v1/health_pb.ts";
import { BadRequestSchema, ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../gen/google/rpc/status_pb.ts";
import { PasswordService, SetPasswordRequestSchema } from "../../gen/rekey/v1/password_service_pb.ts";
import { makeUser } from "../support/make-user.ts";
import type { Party } from "../support/native-client.ts";
import { liveThrough, nativeStory, type ResetClient } from "../support/reset-story.ts";
import { startService, type StartedService } from "../support/start-service.ts";

let service: StartedService;
let client: Client;
beforeAll(async () => {
  service = await startService();
  client = new Client(new URL(service.facts.address).host, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await service.close();
});

describe("a reset", () => {
  test("a code sets a password once, and the old one is dead", async () => {
    expect(await liveThrough(resetClient(await makeUser(service)))).toEqual(nativeStory);
  });

  test("an error carries its details in grpc-status-details-bin", async () => {
    const { userId } = await makeUser(service);
    const failure = await failureOf(
      call(PasswordService.method.setPassword, { userId, newPassword: { password: "7-kites" } }),
    );
    expect(failure).toMatchObject({ code: status.INVALID_ARGUMENT });
    const [info, fields] = detailsOf(failure, ErrorInfoSchema, BadRequestSchema);
    expect(info).toMatchObject({ reason: "PASSWORD_REJECTED", domain: "rekey" });
    expect(fields?.fieldViolations).toMatchObject([{ field: "new_password.password", reason: "TOO_SHORT" }]);
  });

  test("a deadline that is met changes nothing; one that is not ends the call", async () => {
    const { userId } = await makeUser(service);
    const reset = { userId, medium: { case: "returnCode", value: {} } } as const;
    const answer = await call(PasswordService.method.passwordReset, reset, { deadline: Date.now() + 30_000 });
    expect(answer.verificationCode).toBeDefined();
    const late = call(PasswordService.method.passwordReset, reset, { deadline: Date.now() });
    expect(await failureOf(late)).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  test("without a key it is refused", async () => {
    const request = { userId: "demo-user", medium: { case: "returnCode", value: {} } } as const;
    const refused = call(PasswordService.method.passwordReset, request, { metadata: new Metadata() });
    expect(await failureOf(refused)).toMatchObject({ code: status.UNAUTHENTICATED });
  });
});

describe("what is not there", () => {
  test("a method that is not served is UNIMPLEMENTED", async () => {
    const { setPassword } = PasswordService.method;
    const [, ...forms] = formsOf(setPassword);
    const unknown = new Promise((resolve, reject) => {
      const path = `/${PasswordService.typeName}/Guess`;
      const request = create(setPassword.input);
      client.makeUnaryRequest(path, ...forms, request, authorized(), {}, (failure, answer) =>
        failure === null ? resolve(answer) : reject(failure),
      );
    });
    expect(await failureOf(unknown)).toMatchObject({ code: status.UNIMPLEMENTED });
  });
});

describe("health", () => {
  test.each(["", "rekey.v1.PasswordService", "zitadel.user.v2.UserService"])("Check of %j is SERVING", async (name) => {
    expect(await call(Health.method.check, { service: name }, { metadata: new Metadata() })).toMatchObject({
      status: Serving.SERVING,
    });
  });

  test("Check of a service that is not there is NOT_FOUND", async () => {
    expect(await failureOf(call(Health.method.check, { service: "rekey.v9.Nothing" }))).toMatchObject({
      code: status.NOT_FOUND,
    });
  });

  test("Watch tells the status at once, and stays open", async () => {
    const { watch } = Health.method;
    const stream = client.makeServerStreamRequest(...formsOf(watch), create(watch.input), new Metadata());
    const first = await new Promise((resolve, reject) => {
      stream.once("data", resolve);
      stream.once("error", reject);
      stream.once("end", () => reject(new Error("the stream ended")));
    });
    expect(first).toMatchObject({ status: Serving.SERVING });
    const ended = new Promise<ServiceError>((resolve) => stream.once("error", resolve));
    stream.cancel();
    expect(await ended).toMatchObject({ code: status.CANCELLED });
  });
});

function resetClient({ userId }: Party): ResetClient {
  const { passwordReset, setPassword } = PasswordService.method;
  return {
    async requestCode() {
      const answer = await call(passwordReset, { userId, medium: { case: "returnCode", value: {} } });
      return answer.verificationCode ?? "";
    },
    async setPassword(password, proof) {
      const request = fromJson(SetPasswordRequestSchema, { userId, newPassword: { password }, ...proof });
      return await call(setPassword, request).then(
        () => "set",
        (failure: ServiceError) => detailsOf(failure, ErrorInfoSchema)[0]?.reason ?? failure.message,
      );
    },
  };
}

async function call<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
  request: MessageInitShape<I>,
  { metadata = authorized(), deadline = Date.now() + 30_000 }: { metadata?: Metadata; deadline?: number } = {},
): Promise<MessageShape<O>> {
  return await new Promise((resolve, reject) => {
    const message = create(method.input, request);
    client.makeUnaryRequest(...formsOf(method), message, metadata, { deadline }, (failure, answer) => {
      if (answer === undefined) reject(failure ?? new Error("neither an answer nor a failure"));
      else resolve(answer);
    });
  });
}

/** What grpc-js wants to know of a method: the path, and both conversions. */
function formsOf<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
) {
  return [
    `/${method.parent.typeName}/${method.name}`,
    (request: MessageShape<I>) => Buffer.from(toBinary(method.input, request)),
    (bytes: Buffer): MessageShape<O> => fromBinary(method.output, bytes),
  ] as const;
}

function authorized(): Metadata {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${service.facts.api_key}`);
  return metadata;
}

async function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  return await call.then(
    () => expect.unreachable("it was answered"),
    (failure: ServiceError) => failure,
  );
}

/** One message per schema, from google.rpc.Status. */
function detailsOf<Schemas extends readonly DescMessage[]>(failure: ServiceError, ...schemas: Schemas) {
  const [bytes] = failure.metadata.get("grpc-status-details-bin");
  const { details } = fromBinary(StatusSchema, bytes instanceof Buffer ? bytes : Buffer.alloc(0));
  return schemas.map((schema) =>
    details.map((detail) => anyUnpack(detail, schema)).find((message) => message !== undefined),
  ) as { [At in keyof Schemas]: MessageShape<Schemas[At]> | undefined };
}
