// Does the recovery page work without script? Each step of its forms, each no, and what a form of another page gets.

import { gzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { requestNumberKey, userIdKey } from "../../src/edge/http/call-values.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import { type LimitTable, productionLimits } from "../../src/throttle/limits.ts";
import { hour, minute } from "../../src/units.ts";
import { newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";
import { fieldsOf, type PageAnswer, post, seen, visit } from "../support/visit-page.ts";

const open = (id: string, limits: Partial<LimitTable> = {}) =>
  makeRealm({
    id,
    recovery: {
      hosts: [`${id}.example`],
      link: `https://${id}.example/recover#token={{.Token}}`,
      returnOrigins: ["https://shop.example"],
      veto: { link: `https://${id}.example/recover#veto={{.Token}}`, blockMs: hour },
    },
    links: { hosts: [`${id}.example`] },
    limits: { ...noLimits, ...limits },
  });
const acme = open("acme");
const limited = open("limited", { start_recovery_without_script: { address: { max: 2, windowMs: hour } } });
const shipped = open("shipped", productionLimits);
const guarded = open("guarded", { present_recovery: { identifier: { max: 3, windowMs: 10 * minute } } });
const again = open("again", { start_recovery_without_script: { address: { max: 2, windowMs: hour } } });
const realms = [acme, limited, again, shipped, guarded];
const good = "correct horse battery staple";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({
    realms,
    pages: realms.map(({ id: realmId }) => ({
      realmId,
      name: "",
      contact: "",
      colours: {},
      texts: {},
      defaultLanguage: "en",
    })),
  });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

type Fields = Readonly<Record<string, string>>;
const send = async (fields: Fields, realm = acme, headers: Record<string, string> = {}, query = "") =>
  await post(`${url}/recover${query}`, fields, { host: `${realm.id}.example`, ...headers });
const follow = async ({ headers }: PageAnswer, realm = acme) =>
  await visit(url + String(headers.location), { headers: { host: `${realm.id}.example` } });
/** As somebody who asks, and follows to the form for the code. */
const asked = async (identifier: string, realm = acme) => {
  const answer = await send({ step: "start", identifier }, realm);
  expect(answer.status).toBe(303);
  return await follow(answer, realm);
};
const messaged = async (realm = acme) => {
  const user = await rekey.user(realm);
  const page = await asked(user.userName, realm);
  return { user, page, ...(await newestMessage(rekey, user)) };
};

describe("the whole way", () => {
  test("by code: asked, typed, refused twice for weak passwords, set", async () => {
    const { user, page, code, message } = await messaged();
    expect(seen(page)).toContain(`Request number: ${message.requestNumber}`);
    const typed = `${code.slice(0, 4)} ${code.slice(4).toLowerCase()}`;
    const form = await send({ ...fieldsOf(page, "code"), code: typed });
    expect(form.status).toBe(200);
    expect(seen(form)).toContain("Account: u…@e….org");
    expect(seen(form)).toContain("at least 15 characters");
    expect(seen(form)).toContain("Please finish within 10 minutes.");

    const short = await send({ ...fieldsOf(form, "password"), password: "short" });
    expect(short.status).toBe(422);
    expect(seen(short)).toContain("It is too short. Please use at least 15 characters.");
    const common = await send({ ...fieldsOf(short, "password"), password: `name-${user.id}` });
    expect(common.status).toBe(422);
    expect(seen(common)).toContain("It is too close to your name or ours.");
    // A password is not given back, not even to whoever has typed it.
    expect(short.body).not.toContain('"short"');
    expect(common.body).not.toContain(`value="name-`);

    const done = await send({ ...fieldsOf(common, "password"), password: good });
    expect(done).toMatchObject({ status: 303, body: "", headers: { location: "/recover?done=signed-out" } });
    expect(seen(await follow(done))).toContain("Your password was changed");
    expect(seen(await follow(done))).toContain("you were signed out on all devices");
    expect(await rekey.isPassword(user, good)).toBe(true);
  });

  test("by the link that was pasted, in a browser that has asked for nothing", async () => {
    const { user, link, token } = await messaged();
    const first = await visit(`${url}/recover`, { headers: { host: "acme.example" } });
    const form = await send({ ...fieldsOf(first, "link"), link: `Set a new password: ${link} Valid for 10 minutes.` });
    expect(form.status).toBe(200);
    expect(fieldsOf(form, "password")["token"]).toBe(token);
    const done = await send({ ...fieldsOf(form, "password"), password: good });
    expect(done.status).toBe(303);
    expect(await rekey.isPassword(user, good)).toBe(true);
  });

  // Guard: ASVS 5.0 14.2.1.
  test("no address holds a code or a token, and none is in an answer that needs none", async () => {
    const { page, code, link, token } = await messaged();
    const form = await send({ ...fieldsOf(page, "code"), code });
    const byLink = await send({ step: "link", link });
    const done = await send({ ...fieldsOf(byLink, "password"), password: good });
    const places = [page, form, byLink, done, await follow(done)].map(({ headers, body }) => [
      headers.location ?? "",
      ...[...body.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, address = ""]) => address),
    ]);
    for (const address of places.flat()) {
      expect(address).not.toContain(code);
      expect(address).not.toContain(token);
    }
  });

  test("loading again asks for nothing twice", async () => {
    const { user, page } = await messaged();
    const before = (await rekey.courier?.list({ realmId: "acme", userId: user.id, size: 10 }))?.length;
    for (let times = 0; times < 3; times += 1) expect((await loadedAgain(page)).status).toBe(200);
    await rekey.recoveries();
    expect((await rekey.courier?.list({ realmId: "acme", userId: user.id, size: 10 }))?.length).toBe(before);
  });

  const loadedAgain = async (page: PageAnswer) => {
    const { recovery_id: request = "" } = fieldsOf(page, "code");
    return await visit(`${url}/recover?request=${request}`, { headers: { host: "acme.example" } });
  };

  test("another message, not before its time: the newest one works, and back it leads as the first would", async () => {
    const user = await rekey.user(acme);
    const first = await visit(`${url}/recover?state=s1&return_url=https://shop.example/`, {
      headers: { host: "acme.example" },
    });
    const page = await follow(await send({ ...fieldsOf(first, "start"), identifier: user.userName }));
    const old = await newestMessage(rekey, user);
    const early = await send(fieldsOf(page, "again"));
    expect([early.status, early.headers["retry-after"]]).toEqual([429, "60"]);
    expect(seen(early)).toContain("You can ask for another message in 60 seconds.");
    expect(fieldsOf(early, "again")).toEqual(fieldsOf(page, "again"));
    rekey.clock.pass(minute);
    const again = await send(fieldsOf(early, "again"));
    expect([again.status, again.headers.location]).toEqual([303, expect.stringMatching(/&again=1$/)]);
    const next = await follow(again);
    expect(seen(next)).toContain("Another message is on its way. Only the newest one works.");
    // No name stands in the page, its forms or its address.
    expect(again.headers.location + next.body).not.toContain(user.userName);
    const { code } = await newestMessage(rekey, user);
    expect(seen(await send({ ...fieldsOf(next, "code"), code: old.code }))).toContain("There is a newer message");
    const form = await send({ ...fieldsOf(next, "code"), code });
    const done = await follow(await send({ ...fieldsOf(form, "password"), password: good }));
    expect(done.body).toContain('href="https://shop.example/?state=s1">Continue</a>');
  });

  // Incident: C18. Guard: ASVS 5.0 1.2.2.
  test.each([
    ["https://shop.example/basket?item=1", 'href="https://shop.example/basket?item=1&amp;state=s%2F1">Continue</a>'],
    ["https://evil.example/", "You can close this window."],
    ["javascript:alert(1)", "You can close this window."],
  ])("back to %s in the end, if the realm says so", async (returnUrl, shown) => {
    const user = await rekey.user(acme);
    const address = `${url}/recover?state=s%2F1&return_url=${encodeURIComponent(returnUrl)}`;
    const first = await visit(address, { headers: { host: "acme.example" } });
    const page = await follow(await send({ ...fieldsOf(first, "start"), identifier: user.userName }));
    const { code } = await newestMessage(rekey, user);
    const form = await send({ ...fieldsOf(page, "code"), code });
    const done = await follow(await send({ ...fieldsOf(form, "password"), password: good }));
    expect(done.body).toContain(shown);
    const forged = `${url}/recover?done=1&state=s%2F1&return_url=${encodeURIComponent(returnUrl)}`;
    expect((await visit(forged, { headers: { host: "acme.example" } })).body).toContain(shown);
  });

  test("in the language that was chosen, which the message speaks, too", async () => {
    const user = await rekey.user(acme);
    const answer = await send({ step: "start", identifier: user.userName }, acme, {}, "?lang=ar&realm=acme");
    const page = await follow(answer);
    expect(page.body).toContain('<html lang="ar" dir="rtl">');
    expect((await newestMessage(rekey, user)).message.language).toBe("ar");
    const wrong = await send({ ...fieldsOf(page, "code"), code: "0000-0000" }, acme, {}, "?lang=ar&realm=acme");
    expect(seen(wrong)).toContain("هذا الرمز غير صالح");
    expect(wrong.body).toContain('action="/recover?realm=acme&amp;lang=ar"');
  });
});

// Incident: C25.
describe("it was not me", () => {
  const vetoOf = async (user: { realmId: string; id: string }) =>
    (await newestMessage(rekey, user)).message.values.vetoLink;

  test("the link that was pasted says what it does, and the confirming post does it, as often as it is sent", async () => {
    const { user, link } = await messaged();
    const asking = await send({ step: "link", link: await vetoOf(user) });
    expect([asking.status, seen(asking)]).toEqual([200, expect.stringContaining("This was not you?")]);
    expect((await send({ step: "link", link })).status).toBe(200);

    for (let times = 0; times < 2; times += 1) {
      const answer = await send(fieldsOf(asking, "veto"));
      expect([answer.status, seen(answer)]).toEqual([200, expect.stringContaining("Your account is protected")]);
      expect(seen(answer)).toMatch(/Until January 1\d, 2027 at \d\d:\d\d (AM|PM) UTC, nobody/);
    }
    const after = await send({ step: "link", link });
    expect([after.status, seen(after)]).toEqual([403, expect.stringContaining("This account is protected at the")]);
    expect(seen(after)).toMatch(/Until January 1\d, 2027 at \d\d:\d\d (AM|PM) UTC, nobody/);
    expect(after.headers["retry-after"]).toBe("3600");
    expect(rekey.ended.at(-2)).toMatchObject({ event: "recovery.vetoed", outcome: "done" });
  });

  test("a link whose time is over, and one that is none, have their words", async () => {
    const { user } = await messaged();
    const link = await vetoOf(user);
    rekey.clock.pass(73 * hour);
    const asking = await send({ step: "link", link });
    const late = await send(fieldsOf(asking, "veto"));
    expect([late.status, seen(late)]).toEqual([410, expect.stringContaining("This link is out of date")]);
    const none = await send({ step: "veto", token: "none" });
    expect([none.status, seen(none)]).toEqual([400, expect.stringContaining("This link does not work")]);
  });
});

// Guard: ASVS 5.0 6.3.8. Incident: C7, C9.
describe("who there is", () => {
  const shapeOf = ({ status, headers, body }: PageAnswer) => {
    const { location = "", date: _, "x-request-id": __, ...same } = headers;
    const form = location.replace(/request=[^&]*&number=[^&]*$/, "");
    return { status, body, same, form, length: location.length };
  };

  test("is not told: known and unknown get the same bytes, but for what is drawn at random", async () => {
    const known = await rekey.user(acme, { id: "user-0123456789" });
    const locked = await rekey.user(acme, { id: "user-9876543210", state: "initial" });
    const answers = [];
    for (const { userName } of [known, locked, { userName: "name-user-0000000000" }]) {
      const answer = await send({ step: "start", identifier: userName });
      const page = await follow(answer);
      const { recovery_id: id = "", request_number: number = "" } = fieldsOf(page, "code");
      const body = page.body.replaceAll(id, "ID").replaceAll(number, "NUMBER");
      answers.push([shapeOf(answer), { ...shapeOf(page), body }]);
      const wrong = await send({ step: "code", recovery_id: id, request_number: number, code: "0000-0000" });
      const said = wrong.body.replaceAll(id, "ID").replaceAll(number, "NUMBER");
      answers.at(-1)?.push({ ...shapeOf(wrong), body: said, same: { ...shapeOf(wrong).same } });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe("each no", () => {
  test("no name: what was typed stays, the form says what is missing", async () => {
    for (const identifier of ["", "   ", "a".repeat(255)]) {
      const answer = await send({ step: "start", identifier });
      expect(answer.status).toBe(422);
      expect(seen(answer)).toContain("Please enter your e-mail address, user name or phone number.");
      expect(fieldsOf(answer, "start")["identifier"]).toBe(identifier);
      expect(answer.body).toContain('aria-invalid="true"');
    }
  });

  // Guard: ASVS 5.0 1.2.1.
  test("a name of markup is given back as text", async () => {
    const identifier = `"><script>alert(1)</script>${"x".repeat(255)}`;
    const answer = await send({ step: "start", identifier });
    expect(fieldsOf(answer, "start")["identifier"]).toBe(identifier);
    expect(answer.body).not.toContain("<script");
  });

  test("no code, a wrong one: the form stays, without what was typed", async () => {
    const { page } = await messaged();
    const empty = await send({ ...fieldsOf(page, "code"), code: " " });
    expect([empty.status, seen(empty)]).toEqual([422, expect.stringContaining("Please enter the code")]);
    const wrong = await send({ ...fieldsOf(empty, "code"), code: "ABCD-2345" });
    expect([wrong.status, seen(wrong)]).toEqual([422, expect.stringContaining("This code does not work.")]);
    expect(wrong.body).not.toContain("ABCD-2345");
    expect(fieldsOf(wrong, "code")).toEqual(fieldsOf(page, "code"));
  });

  test.each(["", "hello", "https://acme.example/recover#token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])(
    "a link that is none: %s",
    async (link) => {
      const answer = await send({ step: "link", link });
      expect([answer.status, seen(answer)]).toEqual([422, expect.stringContaining("This is not a link from one")]);
    },
  );

  test("no password: the form stays", async () => {
    const { link } = await messaged();
    const form = await send({ step: "link", link });
    const answer = await send({ ...fieldsOf(form, "password"), password: "" });
    expect([answer.status, seen(answer)]).toEqual([422, expect.stringContaining("Please enter a new password.")]);
  });

  test("a link that was used, replaced, outlived, a code that was replaced: each has its words", async () => {
    const used = await messaged();
    await send({ step: "password", token: used.token, password: good });
    expect(seen(await send({ step: "link", link: used.link }))).toContain("This message was used already");

    const old = await messaged();
    await asked(old.user.userName);
    await newestMessage(rekey, old.user);
    const replaced = await send({ step: "link", link: old.link });
    expect([replaced.status, seen(replaced)]).toEqual([410, expect.stringContaining("There is a newer message")]);
    const typed = await send({ ...fieldsOf(old.page, "code"), code: old.code });
    expect([typed.status, seen(typed)]).toEqual([410, expect.stringContaining("There is a newer message")]);

    const late = await messaged();
    rekey.clock.pass(2 * hour);
    const expired = await send({ step: "link", link: late.link });
    expect([expired.status, seen(expired)]).toEqual([410, expect.stringContaining("This message has expired")]);
    expect(seen(expired)).toContain("Start again");
  });

  test("a user who has yet to choose a first password: the link says so", async () => {
    const { user, link } = await messaged();
    const change = { userId: user.id, fields: { state: "initial" }, policy: defaultPolicy } as const;
    await rekey.acts.manageUsers.update(rekey.call(acme), change);
    const answer = await send({ step: "link", link });
    expect([answer.status, seen(answer)]).toEqual([403, expect.stringContaining("This account is not set up yet")]);
  });

  test("a password with a proof that is none: nothing is set, nothing is told", async () => {
    const { user, page } = await messaged();
    const { recovery_id = "" } = fieldsOf(page, "code");
    for (const proof of [{ recovery_id, code: "0000-0000" }, { recovery_id: "x", code: "x" }, { token: "x" }, {}]) {
      const answer = await send({ step: "password", ...(proof as Fields), password: good });
      expect([answer.status, seen(answer)]).toEqual([400, expect.stringContaining("This link does not work")]);
    }
    expect(await rekey.isPassword(user, good)).toBe(false);
  });

  test("too many typed codes: they rest, and the link in the message still works", async () => {
    const { user, page, link } = await messaged(guarded);
    const fields = { ...fieldsOf(page, "code"), code: "0000-0000" };
    for (let times = 0; times < 3; times += 1) await send(fields, guarded);
    const answer = await send(fields, guarded);
    expect([answer.status, seen(answer)]).toEqual([429, expect.stringContaining("Too many wrong codes")]);
    expect(seen(answer)).toContain("Please try again in 10 minutes.");
    expect(answer.headers["retry-after"]).toBe("600");
    const form = await send({ step: "link", link }, guarded);
    expect((await send({ ...fieldsOf(form, "password"), password: good }, guarded)).status).toBe(303);
    expect(await rekey.isPassword(user, good)).toBe(true);
  });

  test("too many requests without script: fewer than with it, by address, whoever is named", async () => {
    for (const identifier of ["ann", "bob"]) await asked(identifier, limited);
    const answer = await send({ step: "start", identifier: "cid" }, limited);
    expect([answer.status, seen(answer)]).toEqual([429, expect.stringContaining("Too many requests")]);
    expect(answer.headers["retry-after"]).toBe("3600");
    expect(productionLimits.start_recovery_without_script.address?.max).toBeLessThan(
      productionLimits.start_recovery.address?.max ?? 0,
    );
  });

  test("another message counts like the first, and is asked for by a request of this realm, for an hour", async () => {
    const page = await asked("ann", again);
    const ask = async (fields: Fields = fieldsOf(page, "again"), realm = again) => await send(fields, realm);
    rekey.clock.pass(minute);
    expect((await ask()).status).toBe(303);
    const limit = await ask();
    expect([limit.status, seen(limit)]).toEqual([429, expect.stringContaining("Too many requests")]);
    for (const answer of [await ask({ step: "again", recovery_id: "x" }), await ask(fieldsOf(page, "again"), acme)]) {
      expect([answer.status, seen(answer)]).toEqual([410, expect.stringContaining("Please ask for a new message.")]);
    }
    rekey.clock.pass(hour);
    expect((await ask()).status).toBe(410);
  });

  test("a store that is down: said without a word about it, and logged", async () => {
    const broken = await openRekey({
      realms: [acme],
      pages: [{ realmId: "acme", name: "", contact: "", colours: {}, texts: {}, defaultLanguage: "en" }],
    });
    const address = await broken.listen();
    broken.database.close();
    const answer = await post(`${address}/recover`, { step: "start", identifier: "ann" }, { host: "acme.example" });
    expect([answer.status, seen(answer)]).toEqual([503, expect.stringContaining("This does not work at the moment")]);
    expect(answer.body).not.toMatch(/sqlite|database/i);
    expect(broken.faults.map(({ requestId }) => requestId)).toContain(answer.headers["x-request-id"]);
    expect(broken.ended.map(({ event, outcome }) => [event, outcome])).toEqual([["recovery.started", "failed"]]);
  });
});

test("every step is on record, like those of the API, with neither code nor password", async () => {
  const before = rekey.ended.length;
  const { user, page, code, message } = await messaged();
  await send({ ...fieldsOf(page, "code"), code: "0000-0000" });
  const form = await send({ ...fieldsOf(page, "code"), code });
  await send({ ...fieldsOf(form, "password"), password: good });
  const ended = rekey.ended.slice(before);
  expect(ended.map(({ event, outcome, reason }) => [event, outcome, reason])).toEqual([
    ["recovery.started", "done", undefined],
    ["recovery.checked", "refused", "code_wrong"],
    ["recovery.checked", "done", undefined],
    ["recovery.completed", "done", undefined],
  ]);
  // What was refused, too: who is guessed at has to be found.
  for (const { values } of ended.slice(1)) {
    expect([values.get(userIdKey), values.get(requestNumberKey)]).toEqual([user.id, message.requestNumber]);
  }
});

// Guard: ASVS 5.0 3.5.1, 3.5.2.
describe("what is no form of this page", () => {
  const fields = { step: "start", identifier: "ann" };
  const counted = () => rekey.ended.length;
  const expectRefused = async (answer: Promise<PageAnswer>, status: number) => {
    const before = counted();
    const { status: got, body } = await answer;
    expect(got).toBe(status);
    expect(seen({ body })).toContain("Please start again here");
    expect(counted()).toBe(before);
  };

  test.each([
    ["cross-site", { "sec-fetch-site": "cross-site" }],
    ["same-site", { "sec-fetch-site": "same-site" }],
    ["cross-site, whatever its origin says", { "sec-fetch-site": "cross-site", origin: "http://acme.example" }],
  ])("a post that is %s does nothing", async (_, headers) => {
    await expectRefused(send(fields, acme, headers), 403);
  });

  test.each([["https://evil.example"], ["null"], ["not a url"], ["http://acme.example:8443"]])(
    "of an older browser, with the origin %s, does nothing",
    async (origin) => {
      const headers = { host: "acme.example", origin, "content-type": "application/x-www-form-urlencoded" };
      const body = new URLSearchParams(fields).toString();
      await expectRefused(visit(`${url}/recover`, { method: "POST", headers, body }), 403);
    },
  );

  test.each([[{ origin: "https://acme.example" }], [{}]])(
    "of this page's own origin, %j, is taken",
    async (headers) => {
      const all = { host: "acme.example", "content-type": "application/x-www-form-urlencoded", ...headers };
      const body = new URLSearchParams(fields).toString();
      expect((await visit(`${url}/recover`, { method: "POST", headers: all, body })).status).toBe(303);
    },
  );

  test.each(["application/json", "multipart/form-data; boundary=x", "text/plain", ""])(
    "a body of the type %s is not read",
    async (type) => {
      await expectRefused(send(fields, acme, { "content-type": type }), 415);
    },
  );

  test("a body that is too large is not read, packed or not", async () => {
    const large = new URLSearchParams({ ...fields, more: "x".repeat(33_000) }).toString();
    const headers = { host: "acme.example", "content-type": "application/x-www-form-urlencoded" };
    await expectRefused(visit(`${url}/recover`, { method: "POST", headers, body: large }), 413);
    const packed = { ...headers, "content-encoding": "gzip" };
    await expectRefused(visit(`${url}/recover`, { method: "POST", headers: packed, body: gzipSync(large) }), 413);
    await expectRefused(visit(`${url}/recover`, { method: "POST", headers: packed, body: "not packed" }), 400);
  });

  test("a field that is there twice, a step that there is not", async () => {
    const headers = { host: "acme.example", "content-type": "application/x-www-form-urlencoded" };
    const body = "step=start&identifier=ann&identifier=bob";
    await expectRefused(visit(`${url}/recover`, { method: "POST", headers, body }), 400);
    await expectRefused(send({ step: "signin" }), 400);
    await expectRefused(send({}), 400);
  });

  test("a realm that is not open answers no form", async () => {
    const answer = await post(`${url}/recover`, fields, { host: "elsewhere.example" });
    expect(answer.status).toBe(404);
  });
});
