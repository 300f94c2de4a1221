// What does a caller hear while Redis is away? That it is, soon, over every protocol; and never that a password is set.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { ways, type Way } from "../support/call-ways.ts";
import { makeUser } from "../support/make-user.ts";
import { restClient, type Party } from "../support/native-client.ts";
import { passwords } from "../support/reset-story.ts";
import { startRedis, type RedisServer } from "../support/start-redis.ts";
import { startService, type StartedService } from "../support/start-service.ts";

/** More than the service gives a command to Redis, and far less than a caller's patience. */
const timeoutMs = 10_000;

const awayAnswer = { code: Code.Unavailable, reason: "DEPENDENCY_UNAVAILABLE", retryDelayMs: 1000 };

let directory: string;
let redis: RedisServer;
let service: StartedService;
let party: Party;
let code: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "rekey-redis-"));
  redis = await startRedis({ appendonly: true, directory });
  service = await startService({ environment: { REKEY_REDIS_URL: redis.url } });
  party = await makeUser(service);
  code = await restClient(party).requestCode();
});
afterAll(async () => {
  await service.close();
  await redis.stop();
  await rm(directory, { recursive: true });
});

describe("while Redis is gone", () => {
  beforeAll(async () => {
    await redis.stop();
    await untilReadyIs(503);
  });

  test.each(ways)("$name: every call that needs it is UNAVAILABLE, with the time to come back", async (way) => {
    expect(await failuresOver(way)).toEqual([awayAnswer, awayAnswer, awayAnswer]);
  });

  test.each(["v1", "v2"])("REST of %s answers 503", async (version) => {
    const answers = await Promise.all([
      post(`/${version}/users/${party.userId}/password_reset`, { returnCode: {} }),
      post(`/${version}/users/${party.userId}/password`, changeBy({ verificationCode: "ABCDEF" })),
      post(`/${version}/users/${party.userId}/password`, changeBy({ currentPassword: passwords.first })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(answers.map(({ headers }) => headers.get("retry-after"))).toEqual(["1", "1", "1"]);
  });

  // Incident: C27.
  test("no address is changed, because codes that are on their way to it could not be killed", async () => {
    const { userId, apiKey } = party;
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const url = `${service.facts.address}/v1/users/${userId}`;
    const { user } = (await (await fetch(url, { headers })).json()) as { user: { email: object } };
    const email = { address: "moved@example.org", verified: true };
    const body = JSON.stringify({ user: { email }, updateMask: "email" });
    expect((await fetch(url, { method: "PATCH", headers, body })).status).toBe(503);
    expect(await (await fetch(url, { headers })).json()).toMatchObject({ user: { email: user.email } });
  });

  test("the process is alive, and not ready", async () => {
    expect((await fetch(`${service.facts.address}/healthz`)).status).toBe(200);
    expect((await fetch(`${service.facts.address}/readyz`)).status).toBe(503);
  });
});

describe("when Redis is back on its port", () => {
  beforeAll(async () => {
    redis = await startRedis({ appendonly: true, directory, port: redis.port });
    await untilReadyIs(200);
  });

  test("the code from before works, so nothing had used it and no password was set", async () => {
    expect(await restClient(party).setPassword(passwords.second, { verificationCode: code })).toBe("set");
    const { setPassword } = restClient(party);
    expect(await setPassword(passwords.third, { currentPassword: passwords.first })).toBe("PASSWORD_INCORRECT");
    expect(await setPassword(passwords.third, { currentPassword: passwords.second })).toBe("set");
  });
});

describe("while Redis hangs", () => {
  beforeAll(() => void redis.process.kill("SIGSTOP"));
  afterAll(() => void redis.process.kill("SIGCONT"));

  test("every call that needs it is UNAVAILABLE, over every protocol", async () => {
    const heard = await Promise.all(ways.map(failuresOver));
    expect(heard.flat()).toEqual(ways.flatMap(() => [awayAnswer, awayAnswer, awayAnswer]));
  });
});

test("when Redis goes on, no password was set, and calls work again", async () => {
  const { requestCode, setPassword } = restClient(party);
  expect(await setPassword(passwords.first, { currentPassword: passwords.third })).toBe("set");
  expect(await setPassword(passwords.second, { verificationCode: await requestCode() })).toBe("set");
});

/** A reset, a change by code, and a change by the current password: what each failed with. */
async function failuresOver({ open }: Way) {
  const { apiKey, address, userId } = party;
  const client = createClient(PasswordService, open(address));
  const options = { headers: { authorization: `Bearer ${apiKey}` }, timeoutMs };
  const newPassword = { password: passwords.second };
  const calls = [
    client.passwordReset({ userId, medium: { case: "returnCode", value: {} } }, options),
    client.setPassword({ userId, newPassword, verification: { case: "verificationCode", value: code } }, options),
    client.setPassword(
      { userId, newPassword, verification: { case: "currentPassword", value: passwords.first } },
      options,
    ),
  ];
  return await Promise.all(calls.map(failureOf));
}

async function failureOf(call: Promise<unknown>) {
  const error = ConnectError.from(
    await call.then(
      () => "it was answered",
      (cause: unknown) => cause,
    ),
  );
  const [info] = error.findDetails(ErrorInfoSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  const retryDelayMs = retry?.retryDelay && durationMs(retry.retryDelay);
  return { code: error.code, reason: info?.reason ?? error.message, retryDelayMs };
}

async function post(path: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${party.apiKey}`, "content-type": "application/json" };
  return await fetch(service.facts.address + path, { method: "POST", headers, body: JSON.stringify(body) });
}

function changeBy(proof: object): object {
  return { newPassword: { password: passwords.second }, ...proof };
}

async function untilReadyIs(status: number): Promise<void> {
  while ((await fetch(`${service.facts.address}/readyz`)).status !== status) await pause(20);
}
