// How is the recovery page served? Whose it is, in which language, under which headers, and what GET never does.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { pageTexts } from "../../src/page/texts/languages.ts";
import { hour } from "../../src/units.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { fieldsOf, seen, visit } from "../support/visit-page.ts";

const hostile = `</script><script>alert("1")</script><img src=x onerror='alert(1)'>&amp;`;
const open = (host: string) => ({
  recovery: {
    hosts: [host],
    link: `https://${host}/recover#token={{.Token}}`,
    veto: { link: `https://${host}/recover#veto={{.Token}}`, blockMs: hour },
  },
  links: { hosts: [host] },
});
const acme = makeRealm({ id: "acme", ...open("login.acme.example") });
const other = makeRealm({ id: "other", ...open("login.other.example"), defaultLanguage: "de-AT" });
const withoutPage = makeRealm({ id: "without-page", ...open("login.plain.example") });
const closed = makeRealm({ id: "closed" });
const settings = { contact: "", colours: {}, texts: {}, defaultLanguage: "en" };

let rekey: Rekey;
let url: string;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "rekey-page-"));
  const logoFile = join(directory, "logo.svg");
  writeFileSync(logoFile, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  rekey = await openRekey({
    realms: [acme, other, withoutPage, closed],
    pages: [
      {
        ...settings,
        realmId: "acme",
        name: "Acme",
        contact: "help@acme.example",
        logoFile,
        colours: { accent: "#1f4fd8" },
        texts: { en: { "identify.title": "Lost your password?" } },
      },
      { ...settings, realmId: "other", name: hostile, contact: hostile, defaultLanguage: "de-AT" },
    ],
  });
  url = await rekey.listen();
});
afterAll(async () => {
  await rekey.close();
  rmSync(directory, { recursive: true });
});

const get = async (path: string, host = "login.acme.example", headers: Record<string, string> = {}) =>
  await visit(url + path, { headers: { host, ...headers } });

const settingsIn = (body: string) =>
  JSON.parse(/<script type="application\/json" id="settings">(.*?)<\/script>/s.exec(body)?.[1] ?? "") as {
    readonly realmId: string;
    readonly brand: object;
    readonly texts: object;
    readonly languages: readonly { readonly tag: string; readonly name: string }[];
  };

describe("the realm", () => {
  test.each(["login.acme.example", "LOGIN.ACME.example:8443"])("is that of the host %s", async (host) => {
    const { status, body } = await get("/recover", host);
    expect(status).toBe(200);
    expect(settingsIn(body)).toMatchObject({ realmId: "acme", brand: { name: "Acme", contact: "help@acme.example" } });
    expect(body).toContain("<title>Set a new password · Acme</title>");
  });

  test("is the one that the address names, and forms and links keep it", async () => {
    const { body } = await get("/recover?realm=acme&state=%2Fbasket", "127.0.0.1");
    expect(settingsIn(body).realmId).toBe("acme");
    expect(body).toContain('method="post" action="/recover?realm=acme"');
    expect(body).toContain('href="/recover/brand.css?realm=acme"');
    expect(body).toContain('<input type="hidden" name="realm" value="acme">');
    expect(body).toContain('<input type="hidden" name="state" value="/basket">');
  });

  test.each([
    ["a host that nobody has", "/recover", "elsewhere.example"],
    ["a realm that is not there", "/recover?realm=nobody", "login.acme.example"],
    ["a realm without a public recovery", "/recover?realm=closed", "login.acme.example"],
    ["a realm whose page is off", "/recover", "login.plain.example"],
    ["the styles of nobody", "/recover/brand.css", "elsewhere.example"],
    ["a logo that is not there", "/recover/logo", "login.other.example"],
  ])("%s is not found", async (_, path, host) => {
    const { status, body } = await get(path, host, { "accept-language": "en" });
    expect(status).toBe(404);
    expect(seen({ body })).toContain("There is no page here");
    expect(body).not.toContain("<script");
  });
});

describe("the language", () => {
  const languageOf = async (path: string, accepted: string, host?: string) => {
    const { body } = await get(path, host, { "accept-language": accepted });
    return /<html lang="([^"]*)" dir="([^"]*)">/.exec(body)?.slice(1);
  };

  test.each([
    ["the one that was chosen", "/recover?lang=ar", "de", ["ar", "rtl"]],
    ["the most wanted that there is", "/recover", "sw, pl;q=0.3, ja;q=0.8, fr;q=0", ["ja", "ltr"]],
    ["the base of a wanted one", "/recover", "pt-PT", ["pt", "ltr"]],
    ["the realm's", "/recover", "*", ["en", "ltr"]],
    ["no language at all", "/recover?lang=%22%3E%3Cscript%3E", "!!,;q=x", ["en", "ltr"]],
  ])("%s", async (_, path, accepted, expected) => {
    expect(await languageOf(path, accepted)).toEqual(expected);
  });

  test("the realm's default, where the reader's are none of the page's", async () => {
    expect(await languageOf("/recover", "sw", "login.other.example")).toEqual(["de", "ltr"]);
  });

  test("each is offered by its own name", async () => {
    const { body } = await get("/recover");
    const { languages } = settingsIn(body);
    expect(languages.map(({ tag }) => tag)).toEqual([...pageTexts.keys()]);
    expect(languages).toContainEqual({ tag: "pl", name: "Polski" });
    for (const { tag } of languages) expect(body).toContain(`name="lang" value="${tag}" lang="${tag}"`);
    expect(languages.map(({ name }) => name).filter((name) => !body.includes(`>${name}</button>`))).toEqual([]);
  });

  test("a realm's own words are said by the form and by the script", async () => {
    const { body } = await get("/recover");
    expect(seen({ body })).toContain("Lost your password?");
    expect(settingsIn(body).texts).toMatchObject({ identify: { title: "Lost your password?" } });
  });
});

// Guard: ASVS 5.0 3.4.3, 3.4.4, 3.4.5, 3.4.6, 3.4.8, 14.3.2. Incident: C26.
describe("the headers", () => {
  const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  test.each([
    ["the page", "/recover", "login.acme.example"],
    ["a page that is not there", "/recover", "elsewhere.example"],
    ["what a form has led to", "/recover?request=x&number=7F3K-2MQ4", "login.acme.example"],
  ])("of %s", async (_, path, host) => {
    const { headers } = await get(path, host);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    expect(headers).not.toHaveProperty("set-cookie");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("the page holds nothing that they would stop: no inline script or style, nothing of another host", async () => {
    const { body } = await get("/recover");
    expect(body).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|https?:/);
    const scripts = [...body.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts).toEqual([' type="module" src="/recover/recover.js"', ' type="application/json" id="settings"']);
  });
});

describe("what the page loads", () => {
  test.each([
    ["/recover/recover.js", "text/javascript; charset=utf-8"],
    ["/recover/recover.css", "text/css; charset=utf-8"],
    ["/recover/brand.css", "text/css; charset=utf-8"],
    ["/recover/logo", "image/svg+xml"],
  ])("%s is %s, asked about again and not sent twice", async (path, type) => {
    const { status, headers } = await get(path);
    expect({ status, type: headers["content-type"], cache: headers["cache-control"] }).toEqual({
      status: 200,
      type,
      cache: "no-cache",
    });
    const again = await get(path, undefined, { "if-none-match": `"other", W/${headers.etag}` });
    expect(again).toMatchObject({ status: 304, body: "", headers: { etag: headers.etag } });
    expect((await get(path, undefined, { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("a logo is an image and does nothing, also where it is opened by itself", async () => {
    const { headers } = await get("/recover/logo");
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    );
  });

  test("a realm's colours are in its own styles, and in nobody else's", async () => {
    expect((await get("/recover/brand.css")).body).toContain("--accent: #1f4fd8;");
    expect((await get("/recover/brand.css", "login.other.example")).body).toBe("");
  });

  test.each(["/recover/", "/recover/..%2f..%2fpackage.json", "/recover/recover.js.map", "/recover/none"])(
    "%s is not there",
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

// Guard: ASVS 5.0 1.2.1.
test("a name of markup is a name", async () => {
  const { body } = await get("/recover", "login.other.example");
  expect(settingsIn(body).brand).toEqual({ name: hostile, contact: hostile });
  expect(body).not.toContain("<script>alert");
  expect(body).not.toContain("<img src=x");
  const chosen = await get(`/recover?request=${encodeURIComponent(hostile)}&number=${encodeURIComponent(hostile)}`);
  expect(fieldsOf(chosen, "code")["recovery_id"]).toBe(hostile);
  expect(chosen.body).not.toContain("<script");
  expect(chosen.body).not.toContain("onerror='");
});

test("a request number of another form is not shown", async () => {
  const shown = async (number: string) => seen(await get(`/recover?request=x&number=${encodeURIComponent(number)}`));
  expect(await shown("7F3K-2MQ4")).toContain("7F3K-2MQ4");
  expect(await shown("call 555-0100")).not.toContain("555");
});

// Incident: C26.
test("GET and HEAD of any link change nothing, a hundred times, and other methods are told", async () => {
  const user = await rekey.user(acme, { password: "the password of before" });
  const { recovery: made } = rekey.acts;
  const caller = made?.callers.ofRealm("acme");
  if (made === undefined || caller === undefined) throw new Error("no recovery");
  const call = { caller, address: "192.0.2.1", requestId: "test" };
  const { recoveryId } = await made.start(call, {
    identifier: user.userName,
    language: "",
    state: "",
    botAnswer: { kind: "none" },
  });
  await rekey.recoveries();
  const [message] = (await rekey.courier?.list({ realmId: "acme", userId: user.id, size: 1 })) ?? [];
  const { link = "", vetoLink = "", code = "" } = message?.values ?? {};
  const token = new URL(link).hash.replace("#token=", "");
  const veto = new URL(vetoLink).hash.replace("#veto=", "");
  const paths = [
    "/recover",
    `/recover?token=${token}`,
    `/recover?veto=${veto}`,
    `/recover?step=veto&token=${veto}`,
    `/recover?request=${recoveryId}&code=${code}&password=x&step=password`,
    "/recover?done=1",
  ];
  const before = rekey.ended.length;
  for (let round = 0; round < 200; round += 1) {
    for (const [index, path] of paths.entries()) {
      const method = (round + index) % 2 === 0 ? "GET" : "HEAD";
      const { status, body } = await visit(url + path, { method, headers: { host: "login.acme.example" } });
      expect(status).toBe(200);
      expect(body === "").toBe(method === "HEAD");
    }
  }
  expect(rekey.ended).toHaveLength(before);
  expect(await rekey.isPassword(user, "the password of before")).toBe(true);
  const from = { host: "", address: "192.0.2.1", requestId: "test" };
  const proof = { kind: "token", token } as const;
  await made.present.complete(from, { proof, password: "correct horse battery staple", dialect: rekey.dialect });
  expect(await rekey.isPassword(user, "correct horse battery staple")).toBe(true);

  const put = await visit(`${url}/recover`, { method: "PUT", headers: { host: "login.acme.example" } });
  expect(put).toMatchObject({ status: 405, headers: { allow: "GET, HEAD, POST" } });
});
