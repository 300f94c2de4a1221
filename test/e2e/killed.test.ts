// Is the promise kept when a process is killed in the middle? At each step: the user has the new password or can still
// use the code, and never is one code worth two changes. Guard: ASVS 5.0 2.3.3.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { claimLease } from "../../src/codes/challenges.ts";
import { openStores } from "../../src/compose/open-stores.ts";
import { Refusal } from "../../src/reset/refusal.ts";
import { type Clock, systemClock } from "../../src/units.ts";
import { call, dialect, realmId, resetActs } from "../support/reset-acts.ts";
import { type RedisServer, startRedis } from "../support/start-redis.ts";
import { type MortalTask, type Step, steps } from "./mortal-reset.ts";

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis({ appendonly: true });
});
afterAll(async () => await redis.stop());

const passwords = {
  first: "the first password of all",
  ofTheDead: "what the dead one has chosen",
  ofTheLiving: "what the living one has chosen",
};

/** What is true after the death, before anybody tries again. */
const afterDeath: Record<Step, { readonly isSet: boolean }> = {
  "before the claim": { isSet: false },
  "after the claim": { isSet: false },
  "before the write": { isSet: false },
  "after the write": { isSet: true },
  "after the finish": { isSet: true },
};

describe.each(["a file", "Redis"])("codes in %s", (home) => {
  it.each(steps)("killed %s, one code is worth exactly one change", async (diesAt) => {
    const { isSet } = afterDeath[diesAt];
    const dataDir = mkdtempSync(join(tmpdir(), "rekey-killed-"));
    const storage: MortalTask["storage"] = { dataDir, ...(home === "Redis" ? { redis: { url: redis.url } } : {}) };
    // The living come back when the dead one's claim has run out.
    let skippedMs = 0;
    const clock: Clock = { now: () => systemClock.now() + skippedMs };
    const stores = await openStores(storage);
    const { acts, close } = resetActs(stores, clock);
    const version = async (userId: string) => (await stores.directory.find(realmId, userId))?.passwordVersion;

    const { id: userId, passwordVersion } = await acts.manageUsers.create(call, {
      profile: { userName: "ann", displayName: "Ann", preferredLanguage: "", state: "active" },
      password: { kind: "clear", password: passwords.first, changeRequired: false },
      policy: dialect.passwordPolicy,
    });
    const { code = "" } = await acts.requestReset(call, { userId, medium: { kind: "return_code" }, dialect });

    const task: MortalTask = { storage, userId, code, password: passwords.ofTheDead, diesAt };
    const dead = spawnSync(process.execPath, [join(import.meta.dirname, "mortal-reset.ts"), JSON.stringify(task)]);
    expect(dead.signal, dead.stderr.toString()).toBe("SIGKILL");
    expect(await version(userId)).toBe(passwordVersion + (isSet ? 1 : 0));

    skippedMs = claimLease + 1;
    const password = passwords.ofTheLiving;
    const again = await acts
      .completeReset(call, { userId, presented: code, password, changeRequired: false, dialect })
      .then(() => "done")
      .catch((cause: unknown) => (cause instanceof Refusal ? cause.details.reason : cause));
    expect(again).toBe(isSet ? "code_used" : "done");
    expect(await version(userId)).toBe(passwordVersion + 1);

    const current = isSet ? passwords.ofTheDead : passwords.ofTheLiving;
    const hash = await stores.directory.passwordHash(realmId, userId);
    await acts.setPassword(call, {
      userId,
      proof: { kind: "current_password", password: current },
      password: "one more, to prove the one before",
      changeRequired: false,
      dialect,
    });
    expect(await stores.directory.passwordHash(realmId, userId)).not.toBe(hash);

    await close();
    for (const resource of stores.resources.toReversed()) await resource.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
