// Does gRPC's library for Go, which the vendor's Go client calls with, understand us by the vendor's own schema? With
// grpcurl, which reads the schema from a file and sends a personal access token as that client does.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { file_zitadel_message } from "@zitadel/proto/zitadel/message_pb.js";
import { UserService as VendorService } from "@zitadel/proto/zitadel/user/v2/user_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";

import { builtGrpcurl } from "../support/grpcurl.ts";
import { makeUser } from "../support/make-user.ts";
import type { Party } from "../support/native-client.ts";
import { liveThrough, passwords, type ResetClient, zitadelStory } from "../support/reset-story.ts";
import { runCommand } from "../support/run-command.ts";
import { startService, type StartedService } from "../support/start-service.ts";

/** Its source is fetched and compiled the first time. */
const buildTimeoutMs = 600_000;

let grpcurl: string;
let service: StartedService;
let directory: string;
let schema: string;
beforeAll(async () => {
  grpcurl = join(await builtGrpcurl(), "grpcurl");
  directory = mkdtempSync(join(tmpdir(), "rekey-vendor-schema-"));
  schema = join(directory, "zitadel.binpb");
  writeFileSync(schema, vendorSchema());
  service = await startService();
}, buildTimeoutMs);
afterAll(async () => {
  await service.close();
  rmSync(directory, { recursive: true });
});

/** The service's files and those of its errors, each after what it imports. */
function vendorSchema(): Uint8Array {
  const files = new Map<string, DescFile>();
  const add = (file: DescFile) => {
    for (const dependency of file.dependencies) add(dependency);
    files.set(file.proto.name, file);
  };
  for (const file of [VendorService.file, file_zitadel_message]) add(file);
  return toBinary(
    FileDescriptorSetSchema,
    create(FileDescriptorSetSchema, { file: [...files.values()].map(({ proto }) => proto) }),
  );
}

async function call({ address, apiKey }: Pick<Party, "address" | "apiKey">, method: string, body: object) {
  const { host } = new URL(address);
  const fixed = ["-plaintext", "-protoset", schema, "-format-error", "-H", `authorization: Bearer ${apiKey}`];
  const path = `zitadel.user.v2.UserService/${method}`;
  const { code, stdout, stderr } = await runCommand(grpcurl, ...fixed, "-d", JSON.stringify(body), host, path);
  return { ok: code === 0, answer: JSON.parse(code === 0 ? stdout : stderr) as Answer };
}

type Answer = {
  readonly verificationCode?: string;
  readonly userId?: string;
  readonly user?: object;
  readonly result?: readonly { readonly userId: string }[];
  readonly message?: string;
  readonly details?: readonly { readonly id?: string }[];
};

test("a code sets a password once, and the old one is dead", async () => {
  const party = await makeUser(service);
  const { userId } = party;
  const client: ResetClient = {
    requestCode: async () =>
      (await call(party, "PasswordReset", { userId, returnCode: {} })).answer.verificationCode ?? "",
    async setPassword(password, proof) {
      const { ok, answer } = await call(party, "SetPassword", { userId, newPassword: { password }, ...proof });
      return ok ? "set" : (answer.details?.[0]?.id ?? JSON.stringify(answer));
    },
  };
  expect(await liveThrough(client)).toEqual(zitadelStory);
});

test("a user is made, found, read and changed", async () => {
  const { address, api_key: apiKey } = service.facts;
  const party = { address, apiKey };
  const email = "go@example.com";
  const human = { profile: { givenName: "Ann", familyName: "Example" }, email: { email, isVerified: true } };
  const { answer: added } = await call(party, "AddHumanUser", { ...human, password: { password: passwords.first } });
  const userId = added.userId ?? "";
  const queries = [{ emailQuery: { emailAddress: email } }];
  expect((await call(party, "ListUsers", { queries })).answer.result).toMatchObject([{ userId }]);
  const change = { userId, human: { profile: { nickName: "Annie" } } };
  expect((await call(party, "UpdateUser", change)).ok).toBe(true);
  expect((await call(party, "GetUserByID", { userId })).answer.user).toMatchObject({
    userId,
    human: { profile: { givenName: "Ann", nickName: "Annie" }, email: { email, isVerified: true } },
  });
  expect((await call(party, "CreateUser", { organizationId: "moon", human })).answer).toMatchObject({
    message: "Organisation not found (COMMAND-QXPGs)",
    details: [{ id: "COMMAND-QXPGs", message: "Organisation not found" }],
  });
  expect(await call(party, "LockUser", { userId })).toMatchObject({
    ok: false,
    answer: { message: "this method is not served here" },
  });
});

test("reflection shows the vendor's details of an error in clear", async () => {
  const { address, apiKey } = await makeUser(service);
  const { host } = new URL(address);
  const headers = ["-plaintext", "-format-error", "-H", `authorization: Bearer ${apiKey}`];
  const asked = ["-d", '{"userId":"nobody"}', host, "zitadel.user.v2.UserService/GetUserByID"];
  const { stderr } = await runCommand(grpcurl, ...headers, ...asked);
  expect(JSON.parse(stderr)).toMatchObject({
    details: [{ "@type": "type.googleapis.com/zitadel.v1.ErrorDetail", id: "QUERY-Dfbg2" }],
  });
});
