// Can a request bend the link of a mail, or the mail itself to somebody else? Every header that ever did so elsewhere, and
// every shape of a request that names two people.

import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:http2";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { linkIn, mailServer, mailsTo, mailTo, sendLink } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { type Production, startProduction, type TestUser } from "../support/start-production.ts";

const evil = "evil.example";
const forged = {
  host: evil,
  "x-forwarded-host": evil,
  "x-forwarded-proto": "http",
  "x-forwarded-port": "8080",
  "x-forwarded-prefix": "/evil",
  forwarded: `for=192.0.2.1;host=${evil};proto=http`,
  origin: `http://${evil}`,
  referer: `http://${evil}/login`,
  // Further ones that frameworks have listened to.
  "x-forwarded-server": evil,
  "x-host": evil,
  "x-original-host": evil,
  "x-original-url": `http://${evil}/`,
  "x-forwarded-for": "192.0.2.1",
};

// Incident: C1, C2, C3, C4.
test.each([0, 1])("no header changes a byte of the link, whoever is trusted: %s proxies", async (trustedHops) => {
  const { server, setting } = await mailServer();
  const service = await startProduction({ delivery: { smtp: [setting] }, listen: { trusted_hops: trustedHops } });
  const user = await service.makeUser();
  // Each alone, every pair of the first eight, and all together.
  const names = Object.keys(forged) as (keyof typeof forged)[];
  const pairs = names.slice(0, 8).flatMap((one, at) => names.slice(at + 1, 8).map((other) => [one, other] as const));
  const choices: readonly (readonly (keyof typeof forged)[])[] = [[], ...names.map((name) => [name]), ...pairs, names];
  for (const choice of choices) {
    const headers = Object.fromEntries(choice.map((name) => [name, forged[name]]));
    expect(await sendOverHttp1(service, user, headers), JSON.stringify(headers)).toBe(200);
  }
  const { host: authority, ...others } = forged;
  expect(await sendOverHttp2(service, user, { ":authority": authority })).toBe(200);
  expect(await sendOverHttp2(service, user, { ":authority": authority, ":scheme": "http", ...others })).toBe(200);

  const count = choices.length + 2;
  await eventually(() => mailsTo(server, user.email).length === count);
  const links = await Promise.all(
    Array.from({ length: count }, async (_, at) => linkIn((await mailTo(server, user.email, at)).text)),
  );
  const whole = new Set(links.map(({ link, code }) => link.replace(code, "CODE")));
  expect(whole).toEqual(new Set([`https://app.example.com/reset?user=${user.userId}&code=CODE`]));
  expect(Buffer.concat(server.mails.map(({ raw }) => raw)).includes("evil")).toBe(false);
});

// Incident: C5.
test("a message has one recipient, the stored one, whatever a request adds", async () => {
  const { server, setting } = await mailServer();
  const service = await startProduction({ delivery: { smtp: [setting] } });
  const user = await service.makeUser();
  const attacker = await service.makeUser({ email: { address: `mallory@${evil}`, verified: true } });
  const path = `/v1/users/${user.userId}/password_reset`;
  const addresses = [user.email, `mallory@${evil}`];
  const send = { sendLink: {} };
  const refused: readonly (readonly [string, object])[] = [
    [path, { ...send, email: addresses }],
    [path, { ...send, email: addresses.join(",") }],
    [path, { sendLink: { email: addresses } }],
    [path, { sendLink: { recipient: `mallory@${evil}` } }],
    [path, { sendLink: [{}, {}] }],
    [path, { ...send, userId: [user.userId, attacker.userId] }],
    [`${path}?email=${addresses.join("&email=")}`, send],
    [`${path}?user_id=${attacker.userId}`, send],
    [`/v1/users/${user.userId},${attacker.userId}/password_reset`, send],
    [`/v1/users/${user.userId};${attacker.userId}/password_reset`, send],
    [`/v1/users/${encodeURIComponent(`${user.email}\nbcc:mallory@${evil}`)}/password_reset`, send],
    ["/rekey.v1.PasswordService/PasswordReset", { userId: [user.userId, attacker.userId], ...send }],
  ];
  for (const [where, body] of refused) {
    const { status } = await service.call(`POST ${where}`, body);
    expect([where, JSON.stringify(body), status >= 400 && status < 500]).toEqual([where, JSON.stringify(body), true]);
  }
  for (const address of [
    addresses.join(","),
    addresses.join(";"),
    `${user.email}%0Acc:mallory@${evil}`,
    `a@b.example\ncc: x@${evil}`,
  ]) {
    const changed = await service.call("POST /v1/users", { userName: "two", email: { address, verified: true } });
    expect([address, changed.status]).toEqual([address, 400]);
  }
  await sendLink(service, user);
  await mailTo(server, user.email);
  expect(server.mails.map(({ recipients }) => recipients)).toEqual([[user.email]]);
});

function body(): string {
  return JSON.stringify({ sendLink: {} });
}

async function sendOverHttp1(service: Production, { userId }: TestUser, headers: object): Promise<number> {
  const sent = request(`${service.address}/v1/users/${userId}/password_reset`, {
    method: "POST",
    headers: { authorization: `Bearer ${service.keyOf()}`, "content-type": "application/json", ...headers },
  });
  sent.end(body());
  const [response] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  await text(response);
  return response.statusCode ?? 0;
}

async function sendOverHttp2(service: Production, { userId }: TestUser, headers: object): Promise<number> {
  const session = connect(service.address);
  const stream = session.request({
    ":method": "POST",
    ":path": `/v1/users/${userId}/password_reset`,
    authorization: `Bearer ${service.keyOf()}`,
    "content-type": "application/json",
    ...headers,
  });
  stream.end(body());
  const [answer] = (await once(stream, "response")) as [import("node:http2").IncomingHttpHeaders];
  await text(stream);
  session.close();
  return Number(answer[":status"]);
}
