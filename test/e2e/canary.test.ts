// Does anything secret rest or leak in clear? Plants secrets through every way in, then looks for them everywhere.
// Guard: ASVS 5.0 6.5.2, 16.2.5; Incident: C24.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startRedis } from "../support/start-redis.ts";
import { type StartedService, startService } from "../support/start-service.ts";

const rounds = 25;

describe.each(["a file", "Redis"])("with codes in %s", (home) => {
  const secrets = new Set<string>();
  const failures: string[] = [];
  let service: StartedService;
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;

  beforeAll(async () => {
    redis = home === "Redis" ? await startRedis() : undefined;
    service = await startService(redis === undefined ? {} : { environment: { REKEY_REDIS_URL: redis.url } });
    secrets.add(service.facts.api_key).add(service.facts.password);
    await plant();
  });
  afterAll(async () => {
    await service.close();
    await redis?.stop();
  });

  it("the files hold none of them", () => {
    const files = readdirSync(service.dataDir).filter((file) => file.startsWith("rekey.db"));
    expect(files).toContain("rekey.db");
    for (const file of files) {
      const path = join(service.dataDir, file);
      expectNone(readFileSync(path).toString("latin1"));
      // For its owner only.
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  });

  if (home === "Redis") {
    it("a dump of Redis holds none of them, and names nobody", async () => {
      const dump = await dumpOf(redis?.url ?? "");
      expect(dump).toContain("rekey:{demo}");
      expectNone(dump);
      for (const name of [service.facts.user_id, service.facts.email, "127.0.0.1"]) {
        expect(dump).not.toContain(name);
      }
    });
  }

  it("the log holds none of them", () => {
    // The banner is no log: it shows the demo's key and first password on purpose, to whoever started it.
    const log = service
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(log.length).toBeGreaterThan(rounds);
    expectNone(log.join("\n"));
    expect(log.join("\n")).not.toContain(service.facts.email);
  });

  it("no error repeats one of them", () => {
    expect(failures.length).toBeGreaterThan(rounds);
    expectNone(failures.join("\n"));
  });

  function expectNone(text: string): void {
    const found = [...secrets].filter((secret) => text.includes(secret));
    expect(found).toEqual([]);
  }

  /** Codes, tokens, passwords and keys, right and wrong, well and badly formed. */
  async function plant(): Promise<void> {
    const { user_id: user } = service.facts;
    const reset = `/v1/users/${user}/password_reset`;
    let current = service.facts.password;
    for (let round = 0; round < rounds; round++) {
      const next = secret(`canary password ${round} ${crypto.randomUUID()}`);
      const { verificationCode } = (await post(reset, { returnCode: {} })) as { verificationCode: string };
      const wrongCode = secret(`WRONG${crypto.randomUUID().slice(0, 8)}`);
      const setPassword = async (body: object) => await post(`/v1/users/${user}/password`, body);
      await setPassword({ newPassword: { password: next }, verificationCode: wrongCode });
      await setPassword({ newPassword: { password: next }, currentPassword: secret(crypto.randomUUID()) });
      await setPassword({ newPassword: { password: secret(`q!${round}zxw`) }, verificationCode });
      await setPassword({ newPassword: next, verificationCode });
      await setPassword({ newPassword: { password: secret("x".repeat(round) + "y".repeat(5000)) }, verificationCode });
      await setPassword({ newPassword: { password: next }, verificationCode: secret(verificationCode) });
      await post(reset, { sendLink: {} });
      const { messages } = (await get(`/v1/dev/messages?page_size=1`)) as { messages: { verificationCode: string }[] };
      const token = secret(messages[0]?.verificationCode ?? "");
      await post(`${reset}/check`, { verificationCode: token });
      await post(`${reset}/check`, { verificationCode: secret(`${token}x`) });
      await post(
        reset,
        { returnCode: {} },
        secret(`rk_demo_${crypto.randomUUID().replaceAll("-", "").padEnd(43, "z")}`),
      );
      secrets.add(current);
      current = next;
    }
    // The last password is the live one, the last code too.
    const { verificationCode } = (await post(reset, { returnCode: {} })) as { verificationCode: string };
    secret(verificationCode);
  }

  function secret(text: string): string {
    expect(text.length).toBeGreaterThan(5);
    secrets.add(text);
    return text;
  }

  async function post(path: string, body: object, key = service.facts.api_key): Promise<unknown> {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    return await read(
      await fetch(service.facts.address + path, { method: "POST", headers, body: JSON.stringify(body) }),
    );
  }

  async function get(path: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${service.facts.api_key}` };
    return await read(await fetch(service.facts.address + path, { headers }));
  }

  async function read(response: Response): Promise<unknown> {
    const text = await response.text();
    if (!response.ok) failures.push(text);
    return JSON.parse(text);
  }
});

/** Every key with its value, as bytes. */
async function dumpOf(url: string): Promise<string> {
  const client = new Redis(url);
  const keys = await client.keys("*");
  const values = await Promise.all(keys.map(async (key) => (await client.dumpBuffer(key))?.toString("latin1")));
  await client.quit();
  return keys.map((key, at) => `${key} ${values[at]}`).join("\n");
}
