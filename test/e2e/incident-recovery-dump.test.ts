// Does what rests of a recovery open an account, or say who asked? After many of them, finished and left lying, neither
// stores nor log hold a code, a token or a password, and Redis names nobody.
// Guard: ASVS 5.0 6.5.2, 16.2.5; Incident: C24.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { mailTo } from "../support/delivery-scene.ts";
import { dumpRedis } from "../support/dump-redis.ts";
import { goodPasswords, startProduction, stores } from "../support/start-production.ts";
import { startSmtpServer } from "../support/start-smtp-server.ts";

const flows = 100;
const patienceMs = 180_000;

test.each(stores)("%s and the log hold nothing that opens or names anybody", { timeout: patienceMs }, async (store) => {
  const server = await startSmtpServer({ security: "none" });
  const off = { identifier: "off", address: "off", realm: "off" };
  const service = await startProduction({
    store,
    delivery: { smtp: [{ name: "mail", host: "127.0.0.1", port: server.port, security: "none" }], concurrency: 10 },
    acme: {
      limits: { start_recovery: off, present_recovery: { identifier: "off", address: "off" } },
      recovery: {
        enabled: true,
        link: "https://app.example.com/recover#token={{.Token}}",
        bot_check: { proof_of_work: { mode: "off" } },
      },
    },
  });
  const secrets = new Set<string>([goodPasswords.first]);
  const names = new Set<string>();
  for (let flow = 0; flow < flows; flow += 1) {
    const stranger = `nobody-${flow}@strangers.example`;
    names.add(stranger);
    await service.call("POST /v1/recovery", { realmId: "acme", identifier: stranger, state: "/basket" });
    const user = await service.makeUser({ password: undefined });
    names.add(user.email).add(user.phone);
    const started = await service.call("POST /v1/recovery", { realmId: "acme", identifier: user.email });
    const { recoveryId } = started.body as { recoveryId: string };
    const { text } = await mailTo(server, user.email);
    const code = /enter this one:\s+(\S+)/.exec(text)?.[1] ?? "";
    const token = /#token=(\S+)/.exec(text)?.[1] ?? "";
    expect([code.length > 5, token.length > 100]).toEqual([true, true]);
    secrets.add(code).add(code.replaceAll("-", "")).add(token);
    // Every third stays alive, every third was only looked at.
    if (flow % 3 === 0) continue;
    const proof = flow % 2 === 0 ? { token } : { code: { recoveryId, verificationCode: code } };
    expect((await service.call("POST /v1/recovery/check", { proof })).status).toBe(200);
    if (flow % 3 === 1) continue;
    const password = `the password of flow number ${flow}`;
    secrets.add(password);
    const completed = await service.call("POST /v1/recovery/complete", { proof, newPassword: { password } });
    expect(completed.status).toBe(200);
  }

  if (service.redisUrl !== undefined) {
    const dump = await dumpRedis(service.redisUrl);
    expect(dump).toContain("rekey:");
    expect(foundIn(dump, secrets)).toEqual([]);
    expect(foundIn(dump, names)).toEqual([]);
  }
  await service.stop("SIGTERM");
  const files = readdirSync(service.dataDir).filter((file) => file.startsWith("rekey.db"));
  expect(files).toContain("rekey.db");
  for (const file of files) expect(foundIn(readFileSync(join(service.dataDir, file), "latin1"), secrets)).toEqual([]);
  expect(service.output()).toContain("recovery.performed");
  expect(foundIn(service.output(), secrets)).toEqual([]);
  expect(foundIn(service.output(), names)).toEqual([]);
});

function foundIn(text: string, words: ReadonlySet<string>): readonly string[] {
  return [...words].filter((word) => text.includes(word));
}
