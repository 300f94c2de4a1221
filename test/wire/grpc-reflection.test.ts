// Can a tool without our schema find and call what is served? With buf curl, an independent client.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { reflection, reflectionAlpha } from "../../src/edge/grpc/reflection.ts";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

const services = [UserService, PasswordService, Health];
const bufPath = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));
const run = promisify(execFile);

async function start() {
  return startEdge({ served: [echoUsers(), reflection(services), reflectionAlpha(services)] });
}

/** HTTP/2 without TLS must be asked for; reflection is a stream of both directions. */
async function bufCurl(...args: string[]): Promise<string> {
  const { stdout } = await run(bufPath, ["curl", "--http2-prior-knowledge", ...args]);
  return stdout;
}

describe.each(["grpc-v1", "grpc-v1alpha"])("buf curl over %s", (version) => {
  const reflecting = ["--reflect", "--reflect-protocol", version];

  test("lists the methods", async () => {
    const { url } = await start();
    const methods = (await bufCurl(...reflecting, "--list-methods", url)).trim().split("\n");
    const expected = services.flatMap((service) => service.methods.map((m) => `${service.typeName}/${m.name}`));
    expect(methods).toEqual(expect.arrayContaining(expected));
  });

  test.each(["grpc", "grpcweb", "connect"])("calls a method over %s", async (protocol) => {
    const { url } = await start();
    const call = [
      ...reflecting,
      "--protocol",
      protocol,
      "-d",
      '{"user_id":"ann"}',
      `${url}/rekey.v1.UserService/GetUser`,
    ];
    expect(JSON.parse(await bufCurl(...call))).toEqual({ user: { userId: "ann" } });
  });
});

type Question = ServerReflectionRequest["messageRequest"];
type Answer = ServerReflectionResponse["messageResponse"];

/** Asks on one stream, and gives each answer. */
async function ask(...questions: Question[]): Promise<Answer[]> {
  const { url: baseUrl } = await start();
  const client = createClient(ServerReflection, createGrpcTransport({ baseUrl }));
  async function* requests() {
    for (const messageRequest of questions) yield { host: "any", messageRequest };
  }
  const answers: Answer[] = [];
  for await (const response of client.serverReflectionInfo(requests())) {
    expect(response.validHost).toBe("any");
    expect(response.originalRequest?.messageRequest).toEqual(questions[answers.length]);
    answers.push(response.messageResponse);
  }
  return answers;
}

function fileNames(answer: Answer | undefined): string[] {
  const files = answer?.case === "fileDescriptorResponse" ? answer.value.fileDescriptorProto : [];
  return files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

describe("reflection", () => {
  test("lists the services given, and itself, in order", async () => {
    const [answer] = await ask({ case: "listServices", value: "*" });
    expect(answer?.value).toMatchObject({
      service: [
        { name: "grpc.health.v1.Health" },
        { name: "grpc.reflection.v1.ServerReflection" },
        { name: "rekey.v1.PasswordService" },
        { name: "rekey.v1.UserService" },
      ],
    });
  });

  test.each([
    ["a service", "rekey.v1.UserService"],
    ["a method", "rekey.v1.UserService.GetUser"],
    ["a message", "rekey.v1.GetUserRequest"],
    ["a field", "rekey.v1.GetUserRequest.user_id"],
    ["a choice", "rekey.v1.CreateUserRequest.password_type"],
    ["an enum", "rekey.v1.UserState"],
    ["a value, named beside its enum", "rekey.v1.USER_STATE_LOCKED"],
  ])("finds the file of %s first, and all that it imports", async (_, symbol) => {
    const names = fileNames((await ask({ case: "fileContainingSymbol", value: symbol }))[0]);
    expect(names[0]).toBe("rekey/v1/user_service.proto");
    expect(names).toEqual(
      expect.arrayContaining([
        "rekey/v1/details.proto",
        "buf/validate/validate.proto",
        "google/api/annotations.proto",
        "google/api/http.proto",
        "google/protobuf/descriptor.proto",
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("finds a file by its name, and sends no import twice on one stream", async () => {
    const answers = await ask(
      { case: "fileByFilename", value: "google/api/annotations.proto" },
      { case: "fileByFilename", value: "google/api/http.proto" },
      { case: "fileByFilename", value: "google/api/annotations.proto" },
    );
    expect(answers.map(fileNames)).toEqual([
      ["google/api/annotations.proto", "google/api/http.proto", "google/protobuf/descriptor.proto"],
      ["google/api/http.proto"],
      ["google/api/annotations.proto"],
    ]);
  });

  test("finds extensions by number, and lists the numbers", async () => {
    const containingType = "google.protobuf.MethodOptions";
    const value = {
      $typeName: "grpc.reflection.v1.ExtensionRequest" as const,
      containingType,
      extensionNumber: 72295728,
    };
    const [found, numbers, none] = await ask(
      { case: "fileContainingExtension", value },
      { case: "allExtensionNumbersOfType", value: containingType },
      { case: "allExtensionNumbersOfType", value: "rekey.v1.User" },
    );
    expect(fileNames(found)[0]).toBe("google/api/annotations.proto");
    expect(numbers?.value).toMatchObject({ baseTypeName: containingType, extensionNumber: [72295728] });
    expect(none?.value).toMatchObject({ baseTypeName: "rekey.v1.User", extensionNumber: [] });
  });

  test("says of what it does not know that it is not found, and goes on", async () => {
    const $typeName = "grpc.reflection.v1.ExtensionRequest" as const;
    const answers = await ask(
      { case: "fileByFilename", value: "none.proto" },
      { case: "fileContainingSymbol", value: "none.Such" },
      { case: "fileContainingExtension", value: { $typeName, containingType: "none.Such", extensionNumber: 1 } },
      { case: "allExtensionNumbersOfType", value: "none.Such" },
      { case: "fileContainingSymbol", value: "rekey.v1.Details" },
    );
    expect(answers.slice(0, 4).map((answer) => answer.value)).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ errorCode: Code.NotFound })),
    );
    expect(fileNames(answers[4])[0]).toBe("rekey/v1/details.proto");
  });
});
