// Does Connect's own client for Go, buf curl, get through a reset with nothing but reflection?

import { fromBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { bannerCommands } from "../support/banner-commands.ts";
import { makeUser } from "../support/make-user.ts";
import type { Party } from "../support/native-client.ts";
import { liveThrough, nativeStory, type ResetClient } from "../support/reset-story.ts";
import { mustRun, runCommand, runPasted } from "../support/run-command.ts";
import { startService, type StartedService } from "../support/start-service.ts";

let service: StartedService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => await service.close());

test.each(["grpc", "grpcweb"])("the banner's command for %s gives a code", async (protocol) => {
  const commands = (await bannerCommands(service)).filter((command) => command.includes(`--protocol ${protocol} `));
  expect(commands).toHaveLength(1);
  const { code, stdout, stderr } = await runPasted(commands.join());
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ verificationCode: expect.stringMatching(/^[0-9A-Z]{8}$/) as string });
});

test("reflection lists what is served", async () => {
  const methods = await mustRun("buf", "curl", "--http2-prior-knowledge", "--list-methods", service.facts.address);
  expect(methods.split("\n")).toEqual(
    expect.arrayContaining([
      "rekey.v1.PasswordService/SetPassword",
      "rekey.v1.UserService/CreateUser",
      "zitadel.user.v2.UserService/SetPassword",
      "grpc.health.v1.Health/Watch",
    ]),
  );
});

describe("by reflection alone", () => {
  test.each(["grpc", "grpcweb", "connect"])(
    "%s: a code sets a password once, and the old one is dead",
    async (protocol) => {
      expect(await liveThrough(resetClient(protocol, await makeUser(service)))).toEqual(nativeStory);
    },
  );
});

function resetClient(protocol: string, { address, apiKey, userId }: Party): ResetClient {
  const call = async (method: string, body: object) => {
    const how = ["--http2-prior-knowledge", "--protocol", protocol, "-H", `Authorization: Bearer ${apiKey}`];
    const url = `${address}/rekey.v1.PasswordService/${method}`;
    return await runCommand("buf", "curl", ...how, "-d", JSON.stringify({ userId, ...body }), url);
  };
  return {
    async requestCode() {
      const { stdout } = await call("PasswordReset", { returnCode: {} });
      return (JSON.parse(stdout) as { verificationCode: string }).verificationCode;
    },
    async setPassword(password, proof) {
      const { code, stderr } = await call("SetPassword", { newPassword: { password }, ...proof });
      return code === 0 ? "set" : reasonIn(stderr);
    },
  };
}

/** An error is shown as Connect's JSON, whatever the protocol, and a detail as its bytes. */
function reasonIn(shown: string): string {
  const { details } = JSON.parse(shown) as { details: { type: string; value: string }[] };
  const info = details.find(({ type }) => type === ErrorInfoSchema.typeName);
  return fromBinary(ErrorInfoSchema, Buffer.from(info?.value ?? "", "base64")).reason;
}
