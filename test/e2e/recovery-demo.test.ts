// Does the demo let somebody back in, as a user starts it?

import { expect, onTestFinished, test, vi } from "vitest";

import { askJson } from "../support/ask-recovery.ts";
import { restClient } from "../support/native-client.ts";
import { startRedis } from "../support/start-redis.ts";
import { startService, type StartedService } from "../support/start-service.ts";

const password = "correct horse battery staple";

test.each(["the file", "Redis"])("with its data in %s, over the captured message", async (place) => {
  const environment = place === "Redis" ? { REKEY_REDIS_URL: await redisUrl() } : {};
  const service = await startService({ environment });
  onTestFinished(async () => await service.close());
  const { address, api_key: apiKey, user_id: userId, login_name: identifier } = service.facts;
  // The demo's realm is that of the host 127.0.0.1.
  const { requestNumber } = await askJson(address, "start", { identifier, state: "/basket" });
  const link = await capturedLink(service);
  // The demo's own page, on the port that was free.
  expect(link).toMatch(new RegExp(`^${address}/recover#token=`));
  const page = await fetch(link);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Forgot your password?")]);
  const token = new URL(link).hash.replace("#token=", "");
  expect(await askJson(address, "check", { proof: { token } })).toMatchObject({ hint: "d…@e….com" });
  expect(await askJson(address, "complete", { proof: { token }, newPassword: { password } })).toEqual({
    state: "/basket",
    sessionsEnded: true,
  });
  const client = restClient({ address, apiKey, userId });
  expect(await client.setPassword("another horse battery", { currentPassword: password })).toBe("set");
  for (const event of ["recovery.started", "recovery.performed"]) {
    await service.printed(`"audit":"${event}"`);
    const line = service
      .output()
      .split("\n")
      .find((text) => text.includes(`"audit":"${event}"`));
    expect(line).toContain(`"requestNumber":"${String(requestNumber)}"`);
  }
  expect(service.output()).not.toContain(token);
});

async function redisUrl(): Promise<string> {
  const redis = await startRedis();
  onTestFinished(async () => await redis.stop());
  return redis.url;
}

/** The work happens after the answer: waits until the inbox has the message. */
async function capturedLink({ facts }: StartedService): Promise<string> {
  return await vi.waitFor(
    async () => {
      const headers = { authorization: `Bearer ${facts.api_key}` };
      const answer = await fetch(`${facts.address}/v1/dev/messages`, { headers });
      const { messages = [] } = (await answer.json()) as { messages?: { link: string }[] };
      const [message] = messages;
      if (message === undefined) throw new Error("no message yet");
      return message.link;
    },
    { timeout: 20_000, interval: 50 },
  );
}
