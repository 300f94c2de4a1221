// What does an operator read of a service at work? Every call, code, limit and message of it, and nothing that a caller chose.

import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";

import { reasons } from "../../src/metrics/reason-label.ts";
import { mailServer, mailTo, sendLink } from "../support/delivery-scene.ts";
import { connectClient, restClient } from "../support/native-client.ts";
import { metricsAddress, scrape, scrapeText, scrapeUntil } from "../support/scrape.ts";
import { goodPasswords, startProduction } from "../support/start-production.ts";
import { startRedis } from "../support/start-redis.ts";

const on = { port: 0 };
const nowhere = { name: "nowhere", host: "localhost", port: 9, security: "none" };
const recovery = { enabled: true, hosts: ["127.0.0.1"], link: "https://app.example.com/recover#token={{.Token}}" };

describe("a service on Redis", () => {
  test("tells each call once, by what it was and how it ended; done or refused, over every protocol", async () => {
    const limits = { return_code: { account: { max: 4, window: "1h" }, caller: "off", address: "off" } };
    const service = await startProduction({ store: "Redis", metrics: on, acme: { limits } });
    const { address: baseUrl } = service;
    const { userId } = await service.makeUser();
    const party = { address: baseUrl, apiKey: service.keyOf(), userId };
    const grpc = connectClient(createGrpcTransport({ baseUrl }), party);
    await grpc.requestCode();
    await connectClient(createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }), party).requestCode();
    await connectClient(createConnectTransport({ baseUrl, httpVersion: "1.1" }), party).requestCode();
    const rest = restClient(party);
    const verificationCode = await rest.requestCode();
    await expect(grpc.requestCode()).rejects.toThrow("return_code.account");
    expect(await rest.setPassword(goodPasswords.second, { verificationCode: "AAAAAAAA" })).toBe("CODE_INVALID");
    expect(await rest.setPassword("short", { verificationCode })).toBe("PASSWORD_REJECTED");
    expect(await rest.setPassword(goodPasswords.second, { verificationCode })).toBe("set");
    expect(await rest.setPassword(goodPasswords.second, { verificationCode })).toBe("CODE_USED");
    const stranger = connectClient(createGrpcTransport({ baseUrl }), { ...party, apiKey: "rk_nobody" });
    await expect(stranger.requestCode()).rejects.toThrow("API key");

    const told = await scrape(metricsAddress(service));
    expect(told.of("rekey_calls_total")).toEqual({
      "user.created done  acme": 1,
      "password_reset.returned done  acme": 4,
      "password_reset.returned refused rate_limited acme": 1,
      "password.set_with_code refused code_wrong acme": 1,
      "password.set_with_code refused password_rejected acme": 1,
      "password.set_with_code done  acme": 1,
      "password.set_with_code refused code_used acme": 1,
      "call.rejected refused unauthenticated ": 1,
    });
    expect(told.of("rekey_call_duration_seconds_count")).toEqual({
      "user.created done rest": 1,
      "password_reset.returned done grpc": 1,
      "password_reset.returned done grpc-web": 1,
      "password_reset.returned done connect": 1,
      "password_reset.returned done rest": 1,
      "password_reset.returned refused grpc": 1,
      "password.set_with_code refused rest": 3,
      "password.set_with_code done rest": 1,
      "call.rejected refused grpc": 1,
    });
    for (const [labels, seconds] of Object.entries(told.of("rekey_call_duration_seconds_sum"))) {
      expect(seconds, labels).toBeGreaterThan(0);
      expect(seconds, labels).toBeLessThan(60);
    }
    expect(told.of("rekey_codes_issued_total")).toEqual({ "issued acme": 4, "limited acme": 1 });
    expect(told.of("rekey_codes_presented_total")).toEqual({
      "redeem mismatch acme": 1,
      "redeem claimed acme": 1,
      "redeem used acme": 1,
    });
    expect(told.of("rekey_limit_hits_total")).toEqual({ "return_code.account acme": 1 });
    expect(told.of("rekey_hash_duration_seconds_count")).toEqual({ hash: 2 });
    expect(told.of("rekey_ready")).toEqual({ "": 1 });
    expect(told.of("rekey_redis_connected")).toEqual({ "": 1 });
    expect(told.of("rekey_redis_outages_total")).toEqual({ "": 0 });
  });

  test("says that Redis is away, how often it was, and what that did to calls", async () => {
    const redis = await startRedis();
    onTestFinished(async () => await redis.stop());
    const service = await startProduction({ metrics: on, redisUrl: redis.url, delivery: { smtp: [nowhere] } });
    const { userId } = await service.makeUser();
    const metrics = metricsAddress(service);
    expect((await scrape(metrics)).of("rekey_outbox_deliveries")).toEqual({ waiting: 0, dead: 0 });

    await redis.stop();
    const away = await scrapeUntil(metrics, ({ of }) => of("rekey_redis_connected")[""] === 0);
    expect(away.of("rekey_ready")).toEqual({ "": 0 });
    expect(away.of("rekey_outbox_deliveries")).toEqual({});
    expect((await service.call(`POST /v1/users/${userId}/password_reset`, { returnCode: {} })).status).toBe(503);
    const lost = await scrape(metrics);
    expect(lost.of("rekey_redis_outages_total")).toEqual({ "": 1 });
    expect(lost.of("rekey_calls_total")).toMatchObject({ "password_reset.returned failed redis acme": 1 });

    const again = await startRedis({ port: redis.port });
    onTestFinished(async () => await again.stop());
    const back = await scrapeUntil(metrics, ({ of }) => of("rekey_redis_connected")[""] === 1);
    expect(back.of("rekey_redis_outages_total")).toEqual({ "": 1 });
    await scrapeUntil(metrics, ({ of }) => of("rekey_outbox_deliveries")["waiting"] === 0);
  });

  test("tells of messages that were brought, put off and given up, of what waits, and of strangers who asked", async () => {
    const mail = await mailServer("mail", {
      onRecipient: (address) => (address.startsWith("gone") ? "550 5.1.1 no such user" : undefined),
    });
    const service = await startProduction({
      store: "Redis",
      metrics: on,
      delivery: { smtp: [mail.setting] },
      acme: { recovery },
    });
    const user = await service.makeUser();
    const gone = await service.makeUser({ email: { address: "gone@people.example", verified: true } });
    await sendLink(service, user);
    await mailTo(mail.server, user.email);
    await sendLink(service, gone);
    const metrics = metricsAddress(service);
    const sent = await scrapeUntil(metrics, ({ of }) => of("rekey_deliveries_total")["email dead"] === 1);
    expect(sent.of("rekey_deliveries_total")).toMatchObject({
      "email delivered": 1,
      "email dead": 1,
      "sms delivered": 0,
    });
    expect(sent.of("rekey_delivery_delay_seconds_count")).toEqual({ email: 1 });
    const counted = await scrapeUntil(metrics, ({ of }) => of("rekey_outbox_deliveries")["dead"] === 1);
    expect(counted.of("rekey_outbox_deliveries")).toEqual({ waiting: 0, dead: 1 });

    for (const identifier of [user.email, "nobody@people.example"]) {
      const { status } = await service.call("POST /v1/recovery", { realmId: "acme", identifier });
      expect(status).toBe(200);
    }
    const asked = await scrapeUntil(metrics, ({ of }) => Object.keys(of("rekey_recoveries_total")).length === 2);
    expect(asked.of("rekey_recoveries_total")).toEqual({ "done  acme": 1, "refused user_unknown acme": 1 });
    expect(asked.of("rekey_calls_total")).toMatchObject({ "recovery.started done  acme": 2 });
  });
});

test("no label and no text of the metrics holds what a caller chose", async () => {
  const service = await startProduction({ metrics: on });
  const key = service.keyOf();
  const odd = [
    'x"} 1',
    "a\nrekey_ready 0",
    "\\",
    "ann@example.org",
    "+14155550100",
    "../../etc",
    "%00",
    "é漢🔑",
    "__proto__",
  ];
  const marked = odd.map((text, index) => `chosen-${index}-${text}`);
  for (const text of marked) {
    const path = encodeURIComponent(text);
    await service.makeUser({ userId: text, userName: text, organizationId: text }, key).catch(() => undefined);
    for (const bearer of [key, `rk_${Buffer.from(text).toString("hex")}`]) {
      await service.call(`POST /v1/users/${path}/password_reset`, { returnCode: {} }, bearer);
      await service.call(
        `POST /v1/users/${path}/password_reset`,
        { sendLink: { template: text, urlTemplate: text } },
        bearer,
      );
      await service.call(
        `POST /v1/users/${path}/password`,
        { newPassword: { password: text }, verificationCode: text },
        bearer,
      );
      await service.call(`POST /v1/${path}`, { [text]: text }, bearer);
      await service.call(`POST /rekey.v1.PasswordService/${path}`, { userId: text }, bearer);
    }
    await fetch(`${service.address}/healthz?${path}`, { headers: { "x-request-id": path, "user-agent": path } });
    await service.call("POST /v1/recovery", { realmId: text, identifier: text });
  }

  const text = await scrapeText(metricsAddress(service));
  expect(text).not.toContain("chosen-");
  expect(text).not.toContain(key);
  const { samples } = await scrape(metricsAddress(service));
  const said = new Map<string, Set<string>>();
  for (const { name, labels } of samples.filter((sample) => sample.name.startsWith("rekey_"))) {
    for (const [label, value] of Object.entries(labels)) {
      if (name === "rekey_build_info" || label === "le") continue;
      said.set(label, (said.get(label) ?? new Set()).add(value));
    }
  }
  expect(said.get("realm")).toEqual(new Set(["", "acme"]));
  expect([...(said.get("reason") ?? [])].filter((reason) => reason !== "" && !reasons.has(reason))).toEqual([]);
  expect([...(said.get("outcome") ?? [])].filter((outcome) => !/^[a-z_]{2,12}$/.test(outcome))).toEqual([]);
  expect([...(said.get("event") ?? [])].filter((event) => !/^[a-z_]{2,16}\.[a-z_]{2,24}$/.test(event))).toEqual([]);
  expect(new Set(said.keys())).toEqual(
    new Set(["event", "outcome", "reason", "realm", "protocol", "operation", "step"]),
  );
});

describe("the port of the metrics", () => {
  test("answers GET /metrics in Prometheus's text format, and nothing else", async () => {
    const service = await startProduction({ metrics: on });
    const metrics = metricsAddress(service);
    const answer = await fetch(`${metrics}/metrics`, { headers: { origin: "https://app.example.com" } });
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(await answer.text()).toMatch(/^rekey_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const refused = await fetch(`${metrics}/metrics`, { method });
      expect([method, refused.status, refused.headers.get("allow")]).toEqual([method, 405, "GET, HEAD"]);
    }
    for (const path of ["/", "/healthz", "/metrics/", "/v1/users", "/recover"]) {
      expect([path, (await fetch(metrics + path)).status]).toEqual([path, 404]);
    }
  });

  test("is the only one that tells them, and is closed where nothing is said of metrics", async () => {
    const service = await startProduction({ metrics: on });
    expect((await fetch(`${service.address}/metrics`)).status).toBe(404);
    const silent = await startProduction();
    expect(metricsAddress(silent)).toBeUndefined();
    expect((await fetch(`${silent.address}/metrics`)).status).toBe(404);
  });

  test("that is taken keeps the service from starting, and is named", async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo;
    const started = startProduction({ metrics: { port } });
    await expect(started).rejects.toThrow(
      `the service ended with 1:\nRekey does not start.\n\nmetrics.port\n  Another process listens on 127.0.0.1:${port} already.`,
    );
  });
});
