// Which realm is a call of a stranger for, and which requests are none? Hosts, methods, origins, and closed realms.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { requestNumberKey, userIdKey } from "../../src/edge/http/call-values.ts";
import { callerKey } from "../../src/edge/http/caller-value.ts";
import type { CallEnd } from "../../src/edge/http/observe-calls.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { sendToHost } from "../support/send-to-host.ts";

const link = "https://app.example.com/recover#token={{.Token}}";
const acme = makeRealm({ recovery: { hosts: ["login.acme.example"], link } });
const publicKey = "pk_other-stands-in-pages";
const other = makeRealm({ recovery: { hosts: ["login.other.example"], publicKeys: [publicKey], link } });
const closed = makeRealm();
const password = "correct horse battery staple";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [acme, other, closed], allowedOrigins: ["https://app.example.com"] });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

const started = async (host: string, body: object, headers: Record<string, string> = {}) =>
  await sendToHost(`${url}/v1/recovery`, { headers: { host, ...headers }, body });

describe("the realm of a call", () => {
  test.each(["login.acme.example", "LOGIN.acme.example", "login.acme.example:8443"])(
    "is that of its host %s",
    async (host) => {
      const user = await rekey.user(acme);
      expect(await started(host, { identifier: user.userName })).toMatchObject({ status: 200 });
      expect((await newestMessage(rekey, user)).message.realmId).toBe(acme.id);
    },
  );

  test("is the one that the request names", async () => {
    const user = await rekey.user(other);
    const request = { realmId: other.id, identifier: user.userName };
    expect(await started("login.acme.example", request)).toMatchObject({ status: 200 });
    expect((await newestMessage(rekey, user)).message.realmId).toBe(other.id);
  });

  test("is the one whose public key the request has", async () => {
    const user = await rekey.user(other);
    const request = { publicKey, identifier: user.userName };
    expect(await started("login.acme.example", request)).toMatchObject({ status: 200 });
    expect((await newestMessage(rekey, user)).message.realmId).toBe(other.id);
    expect(await started("login.acme.example", { ...request, realmId: other.id })).toMatchObject({ status: 200 });
  });

  test("has to be one that is open to the public: all others are not found, in the same words", async () => {
    const identifier = (await rekey.user(closed)).userName;
    const answers = await Promise.all([
      started("localhost", { realmId: closed.id, identifier }),
      started("localhost", { realmId: "no-such-realm", identifier }),
      started("elsewhere.example", { identifier }),
      started("login.acme.example", { publicKey: "pk_of-nobody-at-all-0", identifier }),
      started("login.acme.example", { publicKey, realmId: acme.id, identifier }),
    ]);
    expect(answers[0]).toMatchObject({ status: 404, body: expect.stringContaining("REALM_NOT_FOUND") });
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });

  test("is found by one header, and no header makes a link", async () => {
    // Incident: C1 to C4.
    const evil = "evil.example";
    const user = await rekey.user(acme);
    await started(
      "login.acme.example",
      { identifier: user.userName },
      {
        "x-forwarded-host": evil,
        "x-forwarded-proto": "http",
        "x-forwarded-port": "666",
        "x-forwarded-prefix": "/evil",
        forwarded: `host=${evil};proto=http`,
        origin: `https://${evil}`,
        referer: `https://${evil}/`,
      },
    );
    const said = await newestMessage(rekey, user);
    expect(said.link).toMatch(/^https:\/\/app\.example\.com\/recover#token=[A-Za-z0-9_-]+$/);
    expect(said.message.realmId).toBe(acme.id);
  });

  // Guard: ASVS 5.0 8.4.1; Incident: C23.
  test("is sealed into links and codes: at the host of another they change nobody there", async () => {
    const user = await rekey.user(acme, { id: "namesake", userName: "namesake" });
    const namesake = await rekey.user(other, { id: "namesake", userName: "namesake" });
    const headers = { host: "login.other.example" };
    const complete = async (proof: object) =>
      await sendToHost(`${url}/v1/recovery/complete`, { headers, body: { proof, newPassword: { password } } });
    const { recoveryId } = JSON.parse((await started("login.other.example", { identifier: "namesake" })).body) as {
      recoveryId: string;
    };
    await askJson(url, "start", { realmId: acme.id, identifier: "namesake" });
    const { token, code } = await newestMessage(rekey, user);
    const mixed = await complete({ code: { recoveryId, verificationCode: code } });
    expect(mixed).toMatchObject({ status: 400, body: expect.stringContaining("CODE_INVALID") });
    expect(await complete({ token })).toMatchObject({ status: 200 });
    expect(await rekey.isPassword(user, password)).toBe(true);
    expect(await rekey.isPassword(namesake, password)).toBe(false);
  });

  test("says nothing where nothing names it: what opens nothing is not valid at any host", async () => {
    for (const host of ["login.acme.example", "elsewhere.example"]) {
      const body = { proof: { token: "x".repeat(300) } };
      const answer = await sendToHost(`${url}/v1/recovery/check`, { headers: { host }, body });
      expect(answer).toMatchObject({ status: 400, body: expect.stringContaining("CODE_INVALID") });
    }
  });
});

// Guard: ASVS 5.0 3.5.3: a link scanner that opens what it finds changes nothing.
describe.each(["", "/check", "/complete"])("/v1/recovery%s", (path) => {
  test.each(["GET", "HEAD", "PUT"])("refuses %s and changes nothing", async (method) => {
    const user = await rekey.user(acme);
    await askJson(url, "start", { realmId: acme.id, identifier: user.userName });
    const { token } = await newestMessage(rekey, user);
    const before = (await rekey.recoveries()).length;
    const query = `?identifier=${user.userName}&proof.token=${token}&new_password.password=${password}`;
    const answer = await sendToHost(`${url}/v1/recovery${path}${query}`, { method });
    expect(answer).toMatchObject({ status: 405, allow: "POST" });
    expect(await rekey.recoveries()).toHaveLength(before);
    expect(await askJson(url, "complete", { proof: { token }, newPassword: { password } })).toEqual({
      sessionsEnded: true,
    });
  });

  // Guard: ASVS 5.0 3.5.2.
  test("takes no plain form post", async () => {
    const headers = { host: "login.acme.example", "content-type": "application/x-www-form-urlencoded" };
    expect((await sendToHost(`${url}/v1/recovery${path}`, { headers, body: {} })).status).toBe(415);
  });
});

test("a page of an allowed origin may call, and no other", async () => {
  const preflight = async (origin: string) => {
    const headers = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const answer = await fetch(`${url}/v1/recovery`, { method: "OPTIONS", headers });
    return answer.headers.get("access-control-allow-origin");
  };
  expect(await preflight("https://app.example.com")).toBe("https://app.example.com");
  expect(await preflight("https://evil.example")).toBeNull();
});

test("a weak password names its field", async () => {
  const user = await rekey.user(acme);
  await askJson(url, "start", { realmId: acme.id, identifier: user.userName });
  const { token } = await newestMessage(rekey, user);
  const answer = await askJson(url, "complete", { proof: { token }, newPassword: { password: "weak" } });
  expect(JSON.stringify(answer)).toContain('"field":"new_password.password"');
});

test("every call is on record: who, from where, and what came of it", async () => {
  const user = await rekey.user(acme);
  const { requestNumber, recoveryId } = await askJson(url, "start", { realmId: acme.id, identifier: user.userName });
  const { token } = await newestMessage(rekey, user);
  const typed = { recoveryId, verificationCode: "0000-0000" };
  await askJson(url, "check", { proof: { code: typed } });
  await askJson(url, "check", { proof: { token } });
  await askJson(url, "complete", { proof: { token }, newPassword: { password } });
  await askJson(url, "check", { proof: { token } });
  const about = { caller: "public", realm: acme.id, requestNumber };
  expect(rekey.ended.slice(-5).map(recordOf)).toEqual([
    ["recovery.started", "done", undefined, about],
    ["recovery.checked", "refused", "code_wrong", { ...about, user: user.id }],
    ["recovery.checked", "done", undefined, { ...about, user: user.id }],
    ["recovery.completed", "done", undefined, { ...about, user: user.id }],
    ["recovery.checked", "refused", "code_used", { ...about, user: user.id }],
  ]);
  expect((await rekey.recoveries()).at(-1)).toMatchObject({
    userId: user.id,
    work: { requestNumber, address: "127.0.0.1" },
  });
});

/** A refusal is on record with whom it was about. Guard: ASVS 5.0 16.3.1, 16.3.3. */
function recordOf({ event, outcome, reason, values }: CallEnd) {
  const caller = values.get(callerKey);
  const [user, requestNumber] = [values.get(userIdKey), values.get(requestNumberKey)];
  return [event, outcome, reason, { caller: caller?.id, realm: caller?.realm.id, user, requestNumber }];
}

test("none of this was a fault", async () => {
  await rekey.recoveries();
  expect(rekey.faults).toEqual([]);
});
