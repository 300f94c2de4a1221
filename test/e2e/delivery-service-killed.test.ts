// Is a message lost when the service is killed in the middle? Whatever was accepted arrives or is a dead letter, over
// both stores; what arrives twice is counted.

import { expect, test } from "vitest";

import { mailServer, mailTo, sendLink } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { type Production, startProduction, type StoreName, stores } from "../support/start-production.ts";

const messages = 200;
const concurrency = 20;
/** Mails that were taken when the process is killed. */
const takenBefore = 60;

// Both at once: most of the time is spent waiting for the dead one's leases to run out.
test("nothing that was accepted is lost to SIGKILL, over either store", async () => {
  for (const told of await Promise.all(stores.map(killInTheMiddle))) console.log(told);
});

async function killInTheMiddle(store: StoreName): Promise<string> {
  // One in ten is refused for good, one in ten at its first attempt.
  const fates = new Map<string, "refuse" | "put off">();
  const enough = Promise.withResolvers<void>();
  let taken = 0;
  const { server, setting } = await mailServer("mail", {
    onRecipient: (address) => {
      const fate = fates.get(address);
      if (fate === "refuse") return "550 5.1.1 no such user";
      if (fate === "put off") fates.delete(address);
      return fate === "put off" ? "450 4.2.1 busy" : undefined;
    },
    onMail: () => {
      taken += 1;
      if (taken === takenBefore) enough.resolve();
      return undefined;
    },
  });
  const before = await startProduction({ store, delivery: { smtp: [setting], concurrency } });
  const users = [];
  for (let number = 0; number < messages; number += 1) {
    const user = await before.makeUser({ password: undefined });
    if (number % 10 === 0) fates.set(user.email, "refuse");
    if (number % 10 === 1) fates.set(user.email, "put off");
    users.push(user);
  }
  // It is killed while some have arrived, some are under way, and most wait.
  const answers = users.map(async (user) => await sendLink(before, user).catch(() => undefined));
  await enough.promise;
  await before.stop("SIGKILL");
  const accepted = (await Promise.all(answers)).flatMap((answer) => answer?.messageId ?? []);
  const takenByThen = server.mails.length;

  const after = await before.restart();
  const ends = new Map<string, string>();
  for (const id of accepted) ends.set(id, await eventually(async () => await endOf(after, id)));
  const delivered = accepted.filter((id) => ends.get(id) === "DELIVERY_STATE_DELIVERED");
  const dead = accepted.filter((id) => ends.get(id) === "DELIVERY_STATE_DEAD");
  expect(delivered.length + dead.length).toBe(accepted.length);

  const arrivals = new Map<string, number>();
  for (const { raw } of server.mails) {
    const id = /^Message-ID: <([^@>]+)@/im.exec(raw.toString())?.[1] ?? "";
    arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
  }
  expect(delivered.filter((id) => !arrivals.has(id))).toEqual([]);
  expect(dead.filter((id) => arrivals.has(id))).toEqual([]);
  const repeated = [...arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
  // What was under way may come again, and nothing else.
  expect(repeated).toBeLessThanOrEqual(concurrency);
  const told = `${accepted.length} accepted, ${takenByThen} taken before the kill, ${delivered.length} delivered`;
  return `${store}: ${told}, ${dead.length} dead letters, ${repeated} received twice`;
}

test.each(stores)(
  "what is under way in %s at SIGTERM is given back, and goes out with the next start",
  async (store) => {
    const isAsked = Promise.withResolvers<void>();
    let isHanging = true;
    const { server, setting } = await mailServer("mail", {
      onConnect: () => {
        isAsked.resolve();
        return isHanging ? "hang" : undefined;
      },
    });
    const before = await startProduction({ store, delivery: { smtp: [setting], attempt_timeout: "2m" } });
    const user = await before.makeUser();
    const { messageId } = await sendLink(before, user);
    await isAsked.promise;
    isHanging = false;
    const after = await before.restart("SIGTERM");
    expect((await mailTo(server, user.email)).messageId).toBe(`<${messageId}@acme.example>`);
    expect(server.mails).toHaveLength(1);
    expect(before.output() + after.output()).not.toContain('"level":"error"');
    expect(before.output()).toContain('"msg":"stopped"');
  },
);

async function endOf(service: Production, id: string): Promise<string | false> {
  const { body } = await service.call(`GET /v1/deliveries/${id}`);
  const state = String(body.delivery?.["state"]);
  return state !== "DELIVERY_STATE_WAITING" && state;
}
