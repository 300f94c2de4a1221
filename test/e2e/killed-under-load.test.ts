// Does a code that was answered survive a process that is killed amid many calls? Each of them, in the file that the
// process itself keeps.

import { expect, test } from "vitest";

import { goodPasswords, type Production, startProduction } from "../support/start-production.ts";

const users = 400;
const callsAtOnce = 64;
/** Codes that were answered when the process is killed. */
const answeredBefore = 150;

test("every code that was answered before SIGKILL is good after it", async () => {
  const before = await startProduction();
  const rest: string[] = [];
  await inLanes(Array.from({ length: users }), async () => {
    rest.push((await before.makeUser({ password: undefined })).userId);
  });

  const codes = new Map<string, string>();
  const enough = Promise.withResolvers<void>();
  const calls = inLanes(rest, async (userId) => {
    const code = await requestCode(before, userId);
    if (code !== undefined) codes.set(userId, code);
    if (codes.size === answeredBefore) enough.resolve();
  });
  await enough.promise;
  const after = await before.restart("SIGKILL");
  await calls;
  expect(codes.size).toBeGreaterThanOrEqual(answeredBefore);
  expect(codes.size).toBeLessThan(users);

  const answers: number[] = [];
  await inLanes([...codes], async ([userId, code]) => {
    const { status } = await after.call(`POST /v1/users/${userId}/password_reset/check`, { verificationCode: code });
    answers.push(status);
  });
  expect(answers).toEqual([...codes].map(() => 200));

  const [[userId, verificationCode] = []] = codes;
  const change = { newPassword: { password: goodPasswords.second }, verificationCode };
  expect(await after.call(`POST /v1/users/${userId}/password`, change)).toMatchObject({ status: 200 });
  expect(await after.call(`POST /v1/users/${userId}/password`, change)).toMatchObject({ status: 400 });
});

/** Nothing, when the process was killed before it answered. */
async function requestCode(service: Production, userId: string): Promise<string | undefined> {
  const call = service.call(`POST /v1/users/${userId}/password_reset`, { returnCode: {} });
  return (await call.catch(() => undefined))?.body.verificationCode;
}

/** So many at a time. */
async function inLanes<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: callsAtOnce }, async () => {
      for (const one of left) await work(one);
    }),
  );
}
