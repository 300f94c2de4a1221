// What does a thief of the store learn? Nothing that redeems a code, and nobody's name.

import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { makeChallenges, type Challenges } from "../../src/codes/challenges.ts";
import { defaultShapes } from "../../src/codes/code.ts";
import { counterDigest } from "../../src/codes/key-ring.ts";
import { openCodeStore, type CodeStoreHome } from "../../src/codes/open-code-store.ts";
import { openRedis } from "../../src/redis/connection.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { makeChargesFor } from "../../src/throttle/charges-for.ts";
import { productionLimits } from "../../src/throttle/limits.ts";
import { makeKeyRing } from "../support/make-key-ring.ts";
import { startRedis } from "../support/start-redis.ts";

const users = Array.from({ length: 100 }, (_, i) => `user-${i}@customer.example`);
const caller = { id: "the-callers-name", realm: { id: "realm", limits: productionLimits } };
const address = "192.0.2.77";

/** 100 users each get a code and a link, try a wrong one, and use one. Returns every secret that was made. */
async function live(home: CodeStoreHome): Promise<string[]> {
  const keyRing = makeKeyRing(1);
  const challenges: Challenges = makeChallenges({
    store: await openCodeStore(home),
    keyRing,
    purpose: "password_reset",
  });
  const chargesFor = makeChargesFor((...name) => counterDigest(keyRing, ...name));
  const now = 1_800_000_000_000;
  const call = { caller, address };
  const secrets: string[] = [];
  for (const userId of users) {
    const subject = { realmId: "realm", userId };
    for (const shape of [defaultShapes.link, defaultShapes.code]) {
      const issued = await challenges.issue({
        subject,
        shape,
        now,
        passwordVersion: 1,
        ...chargesFor(call, "return_code"),
      });
      if (issued.kind !== "issued") throw new Error(issued.kind);
      secrets.push(issued.secret);
    }
    const present = { subject, shape: defaultShapes.code, now, ...chargesFor(call, "present_code") };
    await challenges.check({ ...present, presented: "00000000" });
    if (userId < "user-5") await challenges.claim({ ...present, presented: secrets.at(-1) ?? "" });
  }
  return secrets;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function expectNothingInClear(dump: Buffer, secrets: readonly string[]): void {
  const found = [...secrets, ...users, caller.id, address].filter((text) =>
    [
      Buffer.from(text),
      Buffer.from(Buffer.from(text).toString("base64url")),
      Buffer.from(Buffer.from(text).toString("hex")),
      // A digest without a key is found by trying all codes.
      sha256(text).subarray(0, 16),
      Buffer.from(sha256(text).toString("base64url").slice(0, 20)),
    ].some((form) => dump.includes(form)),
  );
  expect(found).toEqual([]);
}

// Guard: ASVS 5.0 6.5.2. Incident: C24.
test("a dump of Redis names nobody and redeems nothing", async () => {
  const server = await startRedis();
  const redis = await openRedis({ url: server.url });
  const secrets = await live({ kind: "redis", redis });
  const names = await redis.client.keys("*");
  const values = await Promise.all(names.map((name) => redis.client.getBuffer(name)));
  await redis.close();
  await server.stop();
  // Every account, and the counters of one caller and one address for two actions.
  expect(names).toHaveLength(users.length + 4);
  expectNothingInClear(
    Buffer.concat([Buffer.from(names.join("\n")), ...values.map((value) => value ?? Buffer.of())]),
    secrets,
  );
});

// Guard: ASVS 5.0 6.5.2. Incident: C24.
test("the bytes of the file name nobody and redeem nothing", async () => {
  const directory = await mkdtemp(join(tmpdir(), "rekey-file-"));
  const database = openDatabase(join(directory, "rekey.db"));
  const secrets = await live({ kind: "embedded", database });
  const files = await Promise.all((await readdir(directory)).map((name) => readFile(join(directory, name))));
  database.close();
  await rm(directory, { recursive: true, force: true });
  const dump = Buffer.concat(files);
  expect(dump.includes("realm")).toBe(true);
  expectNothingInClear(dump, secrets);
});
