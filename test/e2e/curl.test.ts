// Does what the banner tells a newcomer to paste work, and does curl get through a reset over both HTTP versions?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bannerCommands, commandFor } from "../support/banner-commands.ts";
import { makeUser } from "../support/make-user.ts";
import { restReason, type Party, type RestAnswer } from "../support/native-client.ts";
import { needProgram } from "../support/need-program.ts";
import { liveThrough, nativeStory, type ResetClient } from "../support/reset-story.ts";
import { mustRun, runPasted } from "../support/run-command.ts";
import { startService, type StartedService } from "../support/start-service.ts";

let service: StartedService;
let commands: readonly string[];
beforeAll(async () => {
  needProgram("curl");
  service = await startService();
  commands = await bannerCommands(service);
});
afterAll(async () => await service.close());

describe("the banner", () => {
  test("its three steps set a password, once, and show that the old one is dead", async () => {
    const [ask = "", set = "", setWithOld = ""] = commands;
    const { verificationCode = "" } = await paste(ask);
    expect(verificationCode).toMatch(/^[0-9A-Z]{8}$/);
    const setWithCode = set.replace("CODE", verificationCode);
    expect(await paste(setWithCode)).toMatchObject({ details: { resourceOwner: "demo-org" } });
    expect(restReason(await paste(setWithCode))).toBe("CODE_USED");
    expect(restReason(await paste(setWithOld))).toBe("PASSWORD_INCORRECT");
  });

  test("its call in Connect JSON gives a code", async () => {
    const answer = await paste(commandFor(commands, /^curl .*PasswordService\/PasswordReset/));
    expect(answer.verificationCode).toMatch(/^[0-9A-Z]{8}$/);
  });

  test("its call as Zitadel's gives a code of that vendor's shape", async () => {
    const answer = await paste(commandFor(commands, /\/v2\/users\//));
    expect(answer.verificationCode).toMatch(/^[A-Z0-9]{6}$/);
    expect(answer.details).toMatchObject({ resourceOwner: "demo-org" });
  });

  test("it shows the message that it sent", async () => {
    const { messageId } = (await paste(commandFor(commands, /sendLink/))) as { messageId: string };
    const captured = await paste(commandFor(commands, /\/v1\/dev\/messages/));
    const shown = expect.objectContaining({ messageId, recipient: service.facts.email }) as unknown;
    expect(captured).toMatchObject({ messages: expect.arrayContaining([shown]) as unknown });
  });

  test("it names no other program than those that are tried", () => {
    expect(new Set(commands.map((command) => command.split(" ")[0]))).toEqual(new Set(["curl", "buf", "grpcurl"]));
  });
});

const versions = { "HTTP/1.1": "--http1.1", "HTTP/2 without TLS": "--http2-prior-knowledge" };

describe.each(Object.entries(versions))("curl over %s", (_, version) => {
  test("REST: a code sets a password once, and the old one is dead", async () => {
    expect(await liveThrough(rest(version, await makeUser(service)))).toEqual(nativeStory);
  });

  test("Connect JSON: a code sets a password once, and the old one is dead", async () => {
    expect(await liveThrough(connectJson(version, await makeUser(service)))).toEqual(nativeStory);
  });
});

async function paste(command: string): Promise<RestAnswer> {
  const { code, stdout, stderr } = await runPasted(command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as RestAnswer;
}

function rest(version: string, { address, apiKey, userId }: Party): ResetClient {
  const post = async (path: string, body: object) =>
    await curl(version, apiKey, `${address}/v1/users/${userId}/${path}`, body);
  return {
    requestCode: async () => (await post("password_reset", { returnCode: {} })).verificationCode ?? "",
    async setPassword(password, proof) {
      const answer = await post("password", { newPassword: { password }, ...proof });
      return Array.isArray(answer.details) ? restReason(answer) : "set";
    },
  };
}

function connectJson(version: string, { address, apiKey, userId }: Party): ResetClient {
  const post = async (method: string, body: object) =>
    await curl(version, apiKey, `${address}/rekey.v1.PasswordService/${method}`, { userId, ...body });
  return {
    requestCode: async () => (await post("PasswordReset", { returnCode: {} })).verificationCode ?? "",
    async setPassword(password, proof) {
      const answer = await post("SetPassword", { newPassword: { password }, ...proof });
      return Array.isArray(answer.details) ? connectReason(answer.details) : "set";
    },
  };
}

/** Connect shows a detail that it can read in clear, beside the bytes. */
function connectReason(details: unknown[]): string {
  const [reason] = (details as { debug?: { reason?: string } }[]).flatMap(({ debug }) => debug?.reason ?? []);
  return reason ?? JSON.stringify(details);
}

async function curl(version: string, apiKey: string, url: string, body: object): Promise<RestAnswer> {
  const headers = ["-H", `Authorization: Bearer ${apiKey}`, "-H", "Content-Type: application/json"];
  return JSON.parse(await mustRun("curl", "-sS", version, ...headers, "-d", JSON.stringify(body), url)) as RestAnswer;
}
