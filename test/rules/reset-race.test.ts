// What do racers get? One code is worth one change, however many come at once.
// Guard: ASVS 5.0 2.3.4, 15.4.2; Incident: C14.

import { afterAll, beforeAll, expect, test } from "vitest";

import { openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const oldPassword = "the password of before";
const racers = Array.from({ length: 64 }, (_, index) => `the password of racer ${index}`);

test("64 with one code: one success, one change, and its password is the one that stands", async () => {
  const realm = rekey.realm();
  const user = await rekey.user(realm);
  const steps = resetSteps(rekey, rekey.call(realm));
  const code = await steps.code(user.id);
  const ends = await Promise.all(
    racers.map(async (password) => await ended(password, steps.complete(user.id, code, password))),
  );
  const winners = ends.filter(({ reason }) => reason === "done");
  expect(winners).toHaveLength(1);
  expect(ends.filter(({ reason }) => reason === "code_busy" || reason === "code_used")).toHaveLength(63);
  expect(await rekey.directory.find(realm.id, user.id)).toMatchObject({ passwordVersion: 1 });
  expect(await rekey.isPassword(user, winners[0]?.password ?? "")).toBe(true);
});

test("a code and an administrator at once: one of them, and the password is the winner's", async () => {
  for (let i = 0; i < 5; i += 1) {
    const realm = rekey.realm();
    const user = await rekey.user(realm, { password: oldPassword });
    const steps = resetSteps(rekey, rekey.call(realm));
    const code = await steps.code(user.id);
    const [byCode, bySet] = ["what the code has chosen", "what the administrator has chosen"];
    const ends = await Promise.all([
      ended(byCode, steps.complete(user.id, code, byCode)),
      ended(bySet, steps.set(user.id, bySet)),
    ]);
    const [winner, ...others] = ends.filter(({ reason }) => reason === "done");
    expect(others).toEqual([]);
    expect(ends.map(({ reason }) => reason).filter((reason) => reason !== "done")).toEqual([
      winner?.password === byCode ? "conflict" : "code_used",
    ]);
    expect(await rekey.isPassword(user, winner?.password ?? "")).toBe(true);
    expect(await rekey.directory.find(realm.id, user.id)).toMatchObject({ passwordVersion: 2 });
  }
});

test("a new code and the old one at once: never two changes, and the old one never works afterwards", async () => {
  const realm = rekey.realm();
  const user = await rekey.user(realm);
  const steps = resetSteps(rekey, rekey.call(realm));
  const older = await steps.code(user.id);
  const [completed, newer] = await Promise.all([ended("", steps.complete(user.id, older)), steps.code(user.id)]);
  const changes = (await rekey.directory.find(realm.id, user.id))?.passwordVersion;
  expect(changes).toBe(completed.reason === "done" ? 1 : 0);
  expect((await refusalFrom(steps.check(user.id, older))).reason).toMatch(/code_wrong|code_replaced|code_used/);
  // The newer one was made for the password of before: it lives only if that still stands.
  const last = await ended("", steps.complete(user.id, newer, "the very last password"));
  expect(last.reason).toBe(completed.reason === "done" ? "code_used" : "done");
});

async function ended(password: string, act: Promise<unknown>): Promise<{ password: string; reason: string }> {
  const reason = await act.then(
    () => "done",
    async (cause: unknown) => (await refusalFrom(Promise.reject(cause))).reason,
  );
  return { password, reason };
}
