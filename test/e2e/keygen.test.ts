// Does the move from Keygen work as docs/migrate/keygen.md says? The guide's configuration, users, client and receiver, over
// a real mail server and a real endpoint, and nothing of a token in clear where it should not be.

import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hashSync } from "@node-rs/bcrypt";
import { expect, onTestFinished, test, vi } from "vitest";

import { digestApiKey, makeApiKey } from "../../src/reset/api-key.ts";
import { mailAccount, mailServer, mailsTo, mailTo } from "../support/delivery-scene.ts";
import { dumpRedis } from "../support/dump-redis.ts";
import { eventually } from "../support/eventually.ts";
import { isSigned, keygenCall, keygenRaw, publicKeyFromHex } from "../support/keygen-account.ts";
import { startProcess } from "../support/start-process.ts";
import { type StoreName, stores, tlsCertificate } from "../support/start-production.ts";
import { startRedis } from "../support/start-redis.ts";
import { type Received, startWebhookReceiver } from "../support/webhook-receiver.ts";

const guide = readFileSync("docs/migrate/keygen.md", "utf8");
const oldPassword = "the password at Keygen";

type Guide = {
  forgotPassword(email: string, deliver?: boolean): Promise<number>;
  resetPassword(composite: string, newPassword: string): Promise<number>;
  isFromKeygen(target: string, host: string, headers: object, body: string): boolean;
  readEvent(body: string): { event: string; userId: string; email: string; token?: string };
};

function blockOf(language: string, at = 0): string {
  const blocks = [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);
  const block = blocks[at];
  if (block === undefined) throw new Error(`the guide has no block of ${language} at ${at}`);
  return block;
}

async function openScene(store: StoreName) {
  const home = mkdtempSync(join(tmpdir(), "rekey-keygen-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const mail = await mailServer();
  const redis = store === "Redis" ? await startRedis() : undefined;
  if (redis !== undefined) onTestFinished(async () => await redis.stop());
  const receiver = await startWebhookReceiver({ tls: true });
  onTestFinished(async () => await receiver.close());
  const secrets = {
    "rekey-names": randomBytes(32).toString("base64"),
    "rekey-codes": randomBytes(32).toString("base64"),
    "keygen-signing-key": randomBytes(32).toString("hex"),
    "mail-password": mailAccount.password,
  };
  for (const [name, secret] of Object.entries(secrets)) writeFileSync(join(home, name), `${secret}\n`);
  const apiKey = makeApiKey("backend");
  const file = join(home, "rekey.yaml");
  // What a reader replaces by their own, and where this machine has its mail server and its endpoint.
  const own = blockOf("yaml")
    .replaceAll("/run/secrets", home)
    .replace("/var/lib/rekey", join(home, "data"))
    .replace("host: 0.0.0.0, port: 8080", "host: 127.0.0.1, port: 0")
    .replace(
      "host: mail.example.com, port: 587",
      `host: localhost, port: ${mail.server.port}, ca_file: ${tlsCertificate}`,
    )
    .replace(/sha256:\w+/, `sha256:${digestApiKey(apiKey)}`)
    .replace("https://portal.example.com/hooks/keygen", `https://localhost:${receiver.port}/hooks/keygen?from=rekey`)
    .replace("receives_codes: true", "receives_codes: true\n        allow_private: true");
  writeFileSync(file, redis === undefined ? own : `${own}redis: { url: "${redis.url}" }\n`);
  const service = await startProcess({ REKEY_CONFIG_FILE: file, NODE_EXTRA_CA_CERTS: tlsCertificate });
  onTestFinished(async () => void (await service.stop("SIGKILL")));

  const [, publicKey = ""] = /"publicKey":"([0-9a-f]{64})"/.exec(service.output()) ?? [];
  vi.stubEnv("KEYGEN_PUBLIC_KEY", publicKey);
  const code = (blockOf("js") + blockOf("js", 1)).replace("http://127.0.0.1:8080", service.address);
  const client = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Guide;
  vi.unstubAllEnvs();

  const ask = async (path: string, body: object) =>
    await fetch(service.address + path, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const pasted = JSON.parse(/-d '(.*?)'/s.exec(blockOf("sh", 1))?.[1] ?? "{}") as { userId: string; userName: string };
  const user = { ...pasted, hashedPassword: { hash: hashSync(oldPassword, { cost: 10 }) } };
  expect((await ask("/v1/users", user)).status).toBe(200);
  return {
    home,
    redis,
    service,
    mail: mail.server,
    receiver,
    client,
    apiKey,
    publicKey,
    id: user.userId,
    email: user.userName,
  };
}

const story = "by mail, by event, by the old password; who is unknown hears the same, and no token rests in clear";

test.each(stores)(`with everything in %s: ${story}`, async (store) => {
  const { home, redis, service, mail, receiver, client, apiKey, publicKey, id, email } = await openScene(store);
  const key = publicKeyFromHex(publicKey);
  const update = `/v1/accounts/acme/users/${id}/actions/update-password`;
  const change = async (from: string, to: string) =>
    await keygenCall(
      service.address,
      update,
      { meta: { oldPassword: from, newPassword: to } },
      { Authorization: `Bearer ${apiKey}` },
    );

  // The hash that came along is verified as it is.
  const changed = await change(oldPassword, "the second password");
  expect(changed.status).toBe(200);
  const answered = { target: update, host: "127.0.0.1", headers: changed.headers, body: changed.text };
  expect(isSigned(key, answered)).toBe(true);
  const notices = 1;
  await mailTo(mail, email, 0);

  // By mail: a link with the three parts.
  expect(await client.forgotPassword(email)).toBe(202);
  const { text } = await mailTo(mail, email, notices);
  const [, composite = ""] = /https:\/\/portal\.example\.com\/recover\/(\S+)/.exec(text) ?? [];
  expect(composite).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{32}\.[0-9a-f]{48}v3$/);
  const token = composite.split(".")[2] ?? "";
  const told = await eventAt(0);
  expect(client.readEvent(told.body)).toEqual({ event: "user.password-reset", userId: id, email, token });
  await expect(client.resetPassword(composite, "short")).rejects.toMatchObject({ code: "PASSWORD_TOO_SHORT" });
  expect(await client.resetPassword(composite, "the third password")).toBe(200);
  await expect(client.resetPassword(composite, "the fourth password")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await mailTo(mail, email, notices + 1);

  // By event, on the account's own host; the first attempt fails, the second is signed anew.
  let attempts = 0;
  receiver.answerWith((_, response) =>
    response.writeHead((attempts += 1) === 1 ? 503 : 204, { "retry-after": "0" }).end(),
  );
  const asked = await keygenRaw(service.address, "/v1/passwords", {
    body: JSON.stringify({ meta: { email, deliver: false } }),
    headers: { host: "licenses.example.com", "content-type": "application/vnd.api+json" },
  });
  expect([asked.status, asked.headers.get("keygen-account")]).toEqual([202, "5d3a1c1e-9f0b-4c55-8a1c-2b0f6f6d7a10"]);
  const signedAnswer = {
    target: "/v1/passwords",
    host: "licenses.example.com",
    headers: asked.headers,
    body: asked.text,
  };
  expect(isSigned(key, signedAnswer)).toBe(true);
  const again = await eventAt(2);
  expect(again.body).toBe((await eventAt(1)).body);
  const event = client.readEvent(again.body);
  expect(event.token).toMatch(/^[0-9a-f]{48}v3$/);
  expect(JSON.parse(again.body)).toMatchObject({
    data: {
      type: "webhook-events",
      attributes: {
        event: "user.password-reset",
        apiVersion: "1.8",
        status: "DELIVERING",
        payload: expect.any(String) as string,
      },
      meta: { idempotencyToken: expect.stringMatching(/^[0-9a-f]{62}v3$/) as string },
    },
  });
  const reset = `/v1/accounts/acme/users/${encodeURIComponent(email)}/actions/reset-password`;
  const meta = { passwordResetToken: event.token, newPassword: "the fifth password" };
  expect((await keygenCall(service.address, reset, { meta })).status).toBe(200);
  await mailTo(mail, email, notices + 2);

  // Nobody.
  expect(await client.forgotPassword("nobody@example.org")).toBe(202);
  expect(await client.forgotPassword("nobody@example.org", false)).toBe(202);
  await eventually(() => service.output().split('"reason":"user_unknown"').length > 2);
  expect(mailsTo(mail, "nobody@example.org")).toEqual([]);
  expect(receiver.received).toHaveLength(3);
  // Three notices and one link: by event means that no mail went out.
  expect(mailsTo(mail, email)).toHaveLength(notices + 3);

  expect(await service.stop()).toBe(0);
  const kept = readdirSync(join(home, "data")).map((name) => readFileSync(join(home, "data", name), "latin1"));
  const places = [...kept, service.output(), redis === undefined ? "" : await dumpRedis(redis.url)].join("\n");
  for (const secret of [token, event.token ?? "", composite, oldPassword, "the fifth password"]) {
    expect(places).not.toContain(secret);
    expect(places).not.toContain(Buffer.from(secret).toString("base64").slice(0, -4));
  }

  /** Number `index`, verified with the code of the guide. */
  async function eventAt(index: number): Promise<Received> {
    const received = await eventually(() => receiver.received[index]);
    expect(received.path).toBe("/hooks/keygen?from=rekey");
    const { path, headers, body } = received;
    expect(client.isFromKeygen(path, "localhost", headers, body)).toBe(true);
    expect(client.isFromKeygen(path, "localhost", headers, `${body} `)).toBe(false);
    expect(client.isFromKeygen("/other", "localhost", headers, body)).toBe(false);
    expect([headers["keygen-version"], headers["content-type"]]).toEqual(["1.8", "application/json"]);
    expect([headers["keygen-date"], headers["keygen-digest"]]).toEqual([headers["date"], headers["digest"]]);
    return received;
  }
});
