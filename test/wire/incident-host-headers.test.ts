// Can a header bend a link? Every combination of those that ever did so elsewhere, over both versions of HTTP, for the
// message that a backend sends and for the one that a stranger asks for. Incident: C1, C2, C3, C4.

import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { User } from "../../src/directory/directory.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";

const evil = "evil.example";
const forged: Readonly<Record<string, string>> = {
  // ":authority" over HTTP/2.
  host: evil,
  "x-forwarded-host": evil,
  "x-forwarded-proto": "http",
  "x-forwarded-port": "8080",
  "x-forwarded-prefix": "/evil",
  forwarded: `for=192.0.2.1;host=${evil};proto=http`,
  origin: `https://${evil}`,
  referer: `https://${evil}/login`,
};

/** All 256. */
const combinations = Array.from({ length: 2 ** Object.keys(forged).length }, (_, bits) =>
  Object.fromEntries(Object.entries(forged).filter((_header, at) => (bits >> at) % 2 === 1)),
);

const realm = makeRealm({ recovery: { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" } });

let rekey: Rekey;
let url: string;
let user: User;
let session: http2.ClientHttp2Session;
beforeEach(async () => {
  rekey = await openRekey({ realms: [realm] });
  url = await rekey.listen();
  user = await rekey.user(realm);
  session = http2.connect(url);
});
afterEach(async () => {
  session.close();
  await rekey.close();
});

const messages = {
  "that a backend sends": {
    path: () => `/v1/users/${user.id}/password_reset`,
    body: () => ({ sendLink: {} }),
    link: () => `https://app.example.com/password?user=${user.id}&code=SECRET`,
  },
  "that a stranger asks for": {
    path: () => "/v1/recovery",
    body: () => ({ realmId: realm.id, identifier: user.userName }),
    link: () => "https://app.example.com/recover#token=SECRET",
  },
};

test.each(Object.entries(messages))("the link of a message %s is the same to the byte", async (_name, message) => {
  const headers = { authorization: `Bearer ${rekey.apiKey(realm)}`, "content-type": "application/json" };
  for (const combination of combinations) {
    const sent = { path: message.path(), body: JSON.stringify(message.body()) };
    expect(await overHttp1({ ...sent, headers: { ...headers, ...combination } })).toBe(200);
    expect(await overHttp2({ ...sent, headers: { ...headers, ...combination } })).toBe(200);
  }
  const links = await saidLinks();
  expect(links).toHaveLength(2 * combinations.length);
  expect(new Set(links)).toEqual(new Set([message.link()]));
});

/** The links of all messages, but for what is secret and new in each. */
async function saidLinks(): Promise<readonly string[]> {
  await rekey.recoveries();
  const messages = (await rekey.courier?.list({ realmId: realm.id, size: 1000 })) ?? [];
  return messages.map(({ values }) => values.link.replace(/(?<=[#&](token|code)=)[A-Za-z0-9_%-]+$/, "SECRET"));
}

type Sent = { readonly path: string; readonly headers: Record<string, string>; readonly body: string };

async function overHttp1({ path, headers, body }: Sent): Promise<number | undefined> {
  const request = http.request(url + path, { method: "POST", headers }).end(body);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  await once(response.resume(), "end");
  return response.statusCode;
}

async function overHttp2({ path, headers: { host, ...headers }, body }: Sent): Promise<unknown> {
  const authority = host === undefined ? {} : { ":authority": host };
  const stream = session.request({ ":method": "POST", ":path": path, ...authority, ...headers });
  stream.end(body);
  const [answer] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  await once(stream.resume(), "end");
  return answer[":status"];
}
