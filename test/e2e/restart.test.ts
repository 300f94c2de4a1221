// Does everything survive the end of the process, and does the process end as it should?

import { once } from "node:events";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";

import { Health, HealthCheckResponse_ServingStatus as Serving } from "../../gen/grpc/health/v1/health_pb.ts";
import { makeUser } from "../support/make-user.ts";
import { restClient, type Party } from "../support/native-client.ts";
import { passwords } from "../support/reset-story.ts";
import { startRedis } from "../support/start-redis.ts";
import { startService, type StartedService } from "../support/start-service.ts";

type Environment = Readonly<Record<string, string>>;

const places: Readonly<Record<string, () => Promise<Environment>>> = {
  "the embedded file": async () => ({}),
  async Redis() {
    const redis = await startRedis();
    onTestFinished(async () => await redis.stop());
    return { REKEY_REDIS_URL: redis.url };
  },
};

describe.each(Object.entries(places))("with codes in %s", (_, open) => {
  test.each(["SIGTERM", "SIGKILL"] as const)("users, passwords and codes survive %s", async (signal) => {
    const environment = await open();
    const before = await startHere({ environment });
    const [waiting, done] = [await makeUser(before), await makeUser(before)];
    const [liveCode, usedCode] = [await restClient(waiting).requestCode(), await restClient(done).requestCode()];
    expect(await restClient(done).setPassword(passwords.second, { verificationCode: usedCode })).toBe("set");
    await before.stop(signal);

    const after = await startHere({ environment, dataDir: before.dataDir });
    expect({ ...after.facts, address: "" }).toEqual({ ...before.facts, address: "" });
    const [stillWaiting, stillDone] = [restClient(at(after, waiting)), restClient(at(after, done))];
    expect(await stillDone.setPassword(passwords.third, { verificationCode: usedCode })).toBe("CODE_USED");
    expect(await stillDone.setPassword(passwords.third, { currentPassword: passwords.first })).toBe(
      "PASSWORD_INCORRECT",
    );
    expect(await stillDone.setPassword(passwords.third, { currentPassword: passwords.second })).toBe("set");
    expect(await stillWaiting.setPassword(passwords.second, { verificationCode: liveCode })).toBe("set");
  });
});

describe("a graceful stop", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s ends an idle process with 0, connections or not", async (signal) => {
    const service = await startHere();
    const session = http2.connect(service.facts.address);
    await once(session, "remoteSettings");
    expect(await service.stop(signal)).toBe(0);
  });

  test("HTTP/1.1: a call under way is answered, then the process ends with 0", async () => {
    const service = await startHere();
    const { finish, answer } = await beginOverHttp1(await makeUser(service));
    const gone = service.stop();
    await service.printed('"msg":"stopping"');
    finish();
    expect(await answer).toEqual({ status: 200, body: expect.stringContaining("resourceOwner") as string });
    expect(await gone).toBe(0);
  });

  test("HTTP/2: a call under way is answered, then the process ends with 0", async () => {
    const service = await startHere();
    const { finish, answer } = await beginOverHttp2(await makeUser(service));
    const gone = service.stop();
    await service.printed('"msg":"stopping"');
    finish();
    expect(await answer).toEqual({ status: 200, body: expect.stringContaining("resourceOwner") as string });
    expect(await gone).toBe(0);
  });

  test("no new connection is taken", async () => {
    const service = await startHere();
    const { finish, answer } = await beginOverHttp1(await makeUser(service));
    const gone = service.stop();
    await service.printed('"msg":"stopping"');
    await expect(fetch(`${service.facts.address}/healthz`)).rejects.toThrow("fetch failed");
    finish();
    await answer;
    await gone;
  });

  test("what is not done within the grace period is ended", async () => {
    const service = await startHere({ environment: { REKEY_SHUTDOWN_GRACE: "100ms" } });
    const { answer } = await beginOverHttp1(await makeUser(service));
    const [code, cut] = await Promise.allSettled([service.stop(), answer]);
    expect(code).toMatchObject({ value: 0 });
    expect(cut).toMatchObject({ status: "rejected", reason: { code: "ECONNRESET" } });
  });

  test("health says NOT_SERVING before the stream ends", async () => {
    const service = await startHere();
    const client = createClient(Health, createGrpcTransport({ baseUrl: service.facts.address }));
    const told: Serving[] = [];
    const watch = async () => {
      for await (const { status } of client.watch({})) {
        told.push(status);
        if (status === Serving.SERVING) void service.stop();
      }
    };
    await expect(watch()).rejects.toMatchObject({ code: Code.Unavailable });
    expect(told).toEqual([Serving.SERVING, Serving.NOT_SERVING]);
  });
});

describe("a start that cannot be says why, and ends with 1", () => {
  test("another process has the port", async () => {
    const { port } = new URL((await startHere()).facts.address);
    await expect(startService({ environment: { REKEY_LISTEN_PORT: port } })).rejects.toThrow(
      new RegExp(`ended with 1:.*Another process listens on 127.0.0.1:${port} already`, "s"),
    );
  });

  test("the data directory is no directory", async () => {
    const directory = mkdtempSync(join(tmpdir(), "rekey-no-directory-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const dataDir = join(directory, "file");
    writeFileSync(dataDir, "");
    await expect(startService({ dataDir })).rejects.toThrow(/ended with 1:.*Rekey cannot keep its data in/s);
  });

  test("the data file is no database", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "rekey-no-database-"));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    writeFileSync(join(dataDir, "rekey.db"), "this is not a database, however long one reads in it".repeat(100));
    await expect(startService({ dataDir })).rejects.toThrow(/ended with 1:.*Rekey cannot keep its data in/s);
  });
});

async function startHere(options: Parameters<typeof startService>[0] = {}): Promise<StartedService> {
  const service = await startService(options);
  onTestFinished(async () => await service.close());
  return service;
}

function at({ facts: { address } }: StartedService, party: Party): Party {
  return { ...party, address };
}

/** A call that the service is in the middle of: it has the headers, and waits for the body. */
type Begun = { finish(): void; readonly answer: Promise<{ readonly status: number; readonly body: string }> };

const change = JSON.stringify({
  newPassword: { password: passwords.second },
  currentPassword: passwords.first,
});

async function beginOverHttp1({ address, apiKey, userId }: Party): Promise<Begun> {
  const headers = {
    authorization: `Bearer ${apiKey}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(change),
    expect: "100-continue",
  };
  const request = http.request(`${address}/v1/users/${userId}/password`, { method: "POST", headers });
  const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
  }).then(async (response) => ({ status: response.statusCode ?? 0, body: await text(response) }));
  await once(request, "continue");
  return { finish: () => void request.end(change), answer };
}

async function beginOverHttp2({ address, apiKey, userId }: Party): Promise<Begun> {
  const session = http2.connect(address);
  const stream = session.request({
    ":method": "POST",
    ":path": `/v1/users/${userId}/password`,
    authorization: `Bearer ${apiKey}`,
    "content-type": "application/json",
  });
  const answer = once(stream, "response").then(async ([headers]) => ({
    status: Number((headers as http2.IncomingHttpHeaders)[":status"]),
    body: await text(stream),
  }));
  // Frames keep their order: when a later request is answered, the service has the earlier one.
  const later = session.request({ ":path": "/healthz" }).resume();
  await once(later, "end");
  return { finish: () => void stream.end(change), answer };
}
