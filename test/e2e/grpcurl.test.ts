// Does gRPC's library for Go, as grpcurl uses it, get through a reset with nothing but reflection?

import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { bannerCommands, commandFor } from "../support/banner-commands.ts";
import { builtGrpcurl } from "../support/grpcurl.ts";
import { makeUser } from "../support/make-user.ts";
import type { Party } from "../support/native-client.ts";
import { liveThrough, nativeStory, type ResetClient } from "../support/reset-story.ts";
import { mustRun, runCommand } from "../support/run-command.ts";
import { startService, type StartedService } from "../support/start-service.ts";

/** Its source is fetched and compiled the first time. */
const buildTimeoutMs = 600_000;

let grpcurl: string;
let service: StartedService;
beforeAll(async () => {
  grpcurl = join(await builtGrpcurl(), "grpcurl");
  service = await startService();
}, buildTimeoutMs);
afterAll(async () => await service.close());

test("the banner's command gives a code", async () => {
  const command = commandFor(await bannerCommands(service), /^grpcurl /).replace("grpcurl", grpcurl);
  expect(JSON.parse(await mustRun("sh", "-c", command))).toMatchObject({
    verificationCode: expect.stringMatching(/^[0-9A-Z]{8}$/) as string,
  });
});

test("a code sets a password once, and the old one is dead", async () => {
  expect(await liveThrough(resetClient(await makeUser(service)))).toEqual(nativeStory);
});

test("list and describe tell what is served, and how", async () => {
  const { host } = new URL(service.facts.address);
  const services = await mustRun(grpcurl, "-plaintext", host, "list");
  expect(services.split("\n")).toEqual(
    expect.arrayContaining(["grpc.health.v1.Health", "rekey.v1.PasswordService", "zitadel.user.v2.UserService"]),
  );
  const described = await mustRun(grpcurl, "-plaintext", host, "describe", "rekey.v1.PasswordService.SetPassword");
  expect(described).toContain("rpc SetPassword ( .rekey.v1.SetPasswordRequest )");
  expect(described).toContain('post: "/v1/users/{user_id}/password"');
});

function resetClient({ address, apiKey, userId }: Party): ResetClient {
  const { host } = new URL(address);
  const call = async (method: string, body: object) => {
    const headers = ["-H", `Authorization: Bearer ${apiKey}`];
    const data = ["-format-error", "-d", JSON.stringify({ userId, ...body })];
    return await runCommand(grpcurl, "-plaintext", ...headers, ...data, host, `rekey.v1.PasswordService/${method}`);
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

function reasonIn(shown: string): string {
  const { details } = JSON.parse(shown) as { details: { reason?: string }[] };
  return details.find(({ reason }) => reason !== undefined)?.reason ?? shown;
}
