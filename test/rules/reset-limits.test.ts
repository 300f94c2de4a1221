// How often may something be asked for? Every row of the limit table, through the act that it guards.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Call } from "../../src/reset/caller.ts";
import type { LimitedAction, LimitedParty, LimitTable } from "../../src/throttle/limits.ts";
import { minute } from "../../src/units.ts";
import { noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { goodPassword, resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const most = 3;

function only(action: LimitedAction, party: LimitedParty): LimitTable {
  return { ...noLimits, [action]: { [party]: { max: most, windowMs: minute } } };
}

const oldPassword = "the password of before";

/** Those of strangers: see recovery-limits. */
type KeyedAction = Exclude<
  LimitedAction,
  | "guess_code"
  | "prepare_recovery"
  | "start_recovery"
  | "start_recovery_without_script"
  | "present_recovery"
  | "present_token"
>;

/** Does the limited thing once; what comes of it beside the limit does not matter. */
const actions: Record<KeyedAction, (call: Call, userId: string) => Promise<unknown>> = {
  return_code: async (call, userId) => await resetSteps(rekey, call).code(userId),
  send_message: async (call, userId) => await resetSteps(rekey, call).send(userId),
  present_code: async (call, userId) => await resetSteps(rekey, call).check(userId, "00000000"),
  try_password: async (call, userId) => await resetSteps(rekey, call).change(userId, "wrong", goodPassword),
};

const rows = Object.keys(actions).flatMap((action) =>
  (["account", "caller", "address"] as const)
    // Codes presented are counted per account by the guess budget.
    .filter((party) => !(action === "present_code" && party === "account"))
    .map((party) => ({ action: action as keyof typeof actions, party })),
);

// Guard: ASVS 5.0 2.4.1, 6.1.1, 6.6.4. Incident: C25.
describe.each(rows)("$action per $party", ({ action, party }) => {
  test(`lets ${most} through, names itself and the time, and opens again then`, async () => {
    const realm = rekey.realm({ limits: only(action, party) });
    const [ann, bob] = [
      await rekey.user(realm, { password: oldPassword }),
      await rekey.user(realm, { password: oldPassword }),
    ];
    // One party stays the same; the others change with every call.
    let turn = 0;
    const next = async () => {
      turn += 1;
      const call = rekey.call(realm, {
        callerId: party === "caller" ? "the same" : `caller-${turn}`,
        address: party === "address" ? "192.0.2.7" : `192.0.2.${100 + turn}`,
      });
      await actions[action](call, party === "account" || turn % 2 === 0 ? ann.id : bob.id);
    };
    for (let i = 0; i < most; i += 1) expect(await outcome(next())).not.toBe("rate_limited");
    rekey.clock.pass(minute / 3);
    expect(await refusalFrom(next())).toEqual({
      reason: "rate_limited",
      limit: `${action}.${party}`,
      retryAfterMs: (minute * 2) / 3,
    });
    rekey.clock.pass((minute * 2) / 3);
    expect(await outcome(next())).not.toBe("rate_limited");
  });

  test("leaves everybody else alone", async () => {
    const realm = rekey.realm({ limits: only(action, party) });
    const users = await Promise.all([0, 1].map(async () => await rekey.user(realm, { password: oldPassword })));
    const [ann = "", bob = ""] = users.map(({ id }) => id);
    const mine = rekey.call(realm, { callerId: "mine", address: "192.0.2.7" });
    for (let i = 0; i < most; i += 1) await outcome(actions[action](mine, ann));
    expect(await outcome(actions[action](mine, ann))).toBe("rate_limited");
    const other = {
      account: { call: mine, userId: bob },
      caller: { call: rekey.call(realm, { callerId: "other", address: "192.0.2.7" }), userId: ann },
      address: { call: rekey.call(realm, { callerId: "mine", address: "192.0.2.8" }), userId: ann },
    }[party];
    expect(await outcome(actions[action](other.call, other.userId))).not.toBe("rate_limited");
  });
});

async function outcome(act: Promise<unknown>): Promise<string> {
  return await act.then(
    () => "done",
    async (cause: unknown) => (await refusalFrom(Promise.reject(cause))).reason,
  );
}

test("codes that are returned and codes that are sent have rows of their own", async () => {
  const limits = {
    ...noLimits,
    return_code: { account: { max: 1, windowMs: minute } },
    send_message: { account: { max: 1, windowMs: minute } },
  };
  const realm = rekey.realm({ limits });
  const user = await rekey.user(realm);
  const steps = resetSteps(rekey, rekey.call(realm));
  await steps.code(user.id);
  await steps.send(user.id);
  expect(await refusalFrom(steps.code(user.id))).toMatchObject({ limit: "return_code.account" });
  expect(await refusalFrom(steps.send(user.id))).toMatchObject({ limit: "send_message.account" });
});

test("what is refused kills no code and sends nothing", async () => {
  const realm = rekey.realm({ limits: only("return_code", "account") });
  const user = await rekey.user(realm);
  const steps = resetSteps(rekey, rekey.call(realm));
  let code = "";
  for (let i = 0; i < most; i += 1) code = await steps.code(user.id);
  expect(await refusalFrom(steps.code(user.id))).toMatchObject({ reason: "rate_limited" });
  await steps.complete(user.id, code);
});

// Incident: C13.
test("all addresses of one IPv6 /64 are one", async () => {
  const realm = rekey.realm({ limits: only("return_code", "address") });
  const user = await rekey.user(realm);
  const from = (address: string) => resetSteps(rekey, rekey.call(realm, { address }));
  for (const last of ["1", "ffff:1", "ABCD"]) await from(`2001:db8:0:1::${last}`).code(user.id);
  expect(await refusalFrom(from("2001:0DB8:0000:0001:1:2:3:4").code(user.id))).toMatchObject({
    limit: "return_code.address",
  });
  await from("2001:db8:0:2::1").code(user.id);
});

// Incident: C12, and the OWASP sheet: nobody's account is locked by what strangers do.
test("a spent row for tries of the password stops nobody from recovering by code", async () => {
  const realm = rekey.realm({ limits: only("try_password", "account") });
  const user = await rekey.user(realm, { password: oldPassword });
  const steps = resetSteps(rekey, rekey.call(realm));
  for (let i = 0; i < most; i += 1) await refusalFrom(steps.change(user.id, "wrong"));
  expect(await refusalFrom(steps.change(user.id, oldPassword))).toMatchObject({ reason: "rate_limited" });
  await steps.complete(user.id, await steps.code(user.id));
});
