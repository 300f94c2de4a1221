// Is "it was not me" the same over every protocol, and nothing at all without a POST?

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code, createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { RecoveryService } from "../../gen/rekey/v1/recovery_service_pb.ts";
import { hour } from "../../src/units.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { ways } from "../support/call-ways.ts";
import { errorFrom } from "../support/error-from.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { sendToHost } from "../support/send-to-host.ts";

const recovery = {
  hosts: [],
  link: "https://app.example.com/recover#token={{.Token}}",
  veto: { link: "https://app.example.com/recover#veto={{.Token}}", blockMs: hour },
};
const realm = makeRealm({ recovery });

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm] });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

async function asked() {
  const user = await rekey.user(realm);
  await askJson(url, "start", { realmId: realm.id, identifier: user.userName });
  const { message, token } = await newestMessage(rekey, user);
  return { user, token, veto: decodeURIComponent(new URL(message.values.vetoLink).hash.replace("#veto=", "")) };
}

describe.each(ways)("over $name", ({ open }) => {
  test("a veto is answered with its end, and holds", async () => {
    const client = createClient(RecoveryService, open(url));
    const { veto, token } = await asked();
    const { blockedUntil } = await client.vetoRecovery({ token: veto });
    expect(blockedUntil && timestampMs(blockedUntil)).toBe(rekey.clock.now() + hour);
    const blocked = await errorFrom(client.checkRecovery({ proof: { proof: { case: "token", value: token } } }));
    expect(blocked).toMatchObject({ code: Code.FailedPrecondition, reason: "RECOVERY_BLOCKED" });
    const other = await errorFrom(client.vetoRecovery({ token }));
    expect(other).toMatchObject({ code: Code.FailedPrecondition, reason: "CODE_INVALID" });
  });
});

test("over REST it is the same, and a blocked caller hears when to come back", async () => {
  const { veto, user } = await asked();
  const answer = await askJson(url, "veto", { token: veto });
  expect(Date.parse(String(answer["blockedUntil"]))).toBe(rekey.clock.now() + hour);
  const reset = await fetch(`${url}/v1/users/${user.id}/password_reset`, {
    method: "POST",
    headers: { authorization: `Bearer ${rekey.apiKey(realm)}`, "content-type": "application/json" },
    body: JSON.stringify({ returnCode: {} }),
  });
  expect(reset.status).toBe(400);
  expect(reset.headers.get("retry-after")).toBe(String(hour / 1000));
  expect(await reset.text()).toContain("RECOVERY_BLOCKED");
});

// Guard: ASVS 5.0 3.5.3: a link scanner that opens what it finds changes nothing.
test.each(["GET", "HEAD", "PUT"])("%s does nothing, a hundred times", async (method) => {
  const { veto, token } = await asked();
  for (let i = 0; i < 100; i += 1) {
    expect(await sendToHost(`${url}/v1/recovery/veto?token=${veto}`, { method })).toMatchObject({ status: 405 });
  }
  expect(await askJson(url, "check", { proof: { token } })).toHaveProperty("expirationDate");
});

test("none of this was a fault", () => {
  expect(rekey.faults).toEqual([]);
});
