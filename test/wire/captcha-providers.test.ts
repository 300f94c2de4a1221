// Is each provider asked as its protocol says, and understood? Against a server that speaks it.

import { describe, expect, test } from "vitest";

import { captchaProviders, type CaptchaProvider } from "../../src/bot-check/bot-check-settings.ts";
import { openCaptcha } from "../../src/bot-check/captcha/open-captcha.ts";
import { startApi } from "../support/start-api.ts";
import { startCaptchaProvider, type Solved } from "../support/start-captcha-provider.ts";

const address = "192.0.2.7";
const passed = { kind: "passed" };
const siteVerifiers = captchaProviders.filter((provider) => provider !== "tencent");

async function opened(provider: CaptchaProvider, changes: Parameters<Server["settings"]>[0] = {}) {
  const server = await startCaptchaProvider(provider);
  const problems: string[] = [];
  const captcha = openCaptcha(server.settings(changes), ({ problem }) => void problems.push(problem));
  const verify = async (answer: { response: string; randomText: string }) =>
    await captcha.verify({ ...answer, address });
  return { server, captcha, verify, problems };
}
type Server = Awaited<ReturnType<typeof startCaptchaProvider>>;

describe.each(captchaProviders)("%s", (provider) => {
  test("vouches for who has solved it, once", async () => {
    const { server, verify, problems } = await opened(provider);
    const answer = server.solve();
    expect(await verify(answer)).toEqual(passed);
    expect(problems).toEqual([]);
    expect(await verify(answer)).toMatchObject({ kind: "refused" });
    expect(problems).toHaveLength(1);
  });

  test("is told the address, the secret and the answer, and nothing more than its protocol has", async () => {
    const { server, verify } = await opened(provider);
    await verify(server.solve());
    const [request] = server.requests;
    const fields = provider === "tencent" ? new URL(request?.path ?? "", server.url).search : request?.body;
    const sent = Object.fromEntries(new URLSearchParams(fields));
    const secret = "the-secret-of-the-captcha";
    expect(sent).toEqual(
      provider === "tencent"
        ? { aid: "the-site-key", AppSecretKey: secret, Ticket: "solved-1", Randstr: "@solved-1", UserIP: address }
        : {
            secret,
            response: "solved-1",
            remoteip: address,
            ...(provider === "hcaptcha" && { sitekey: "the-site-key" }),
          },
    );
  });

  test("refuses what it did not hand over, and tells why without what was sent", async () => {
    const { verify, problems } = await opened(provider);
    expect(await verify({ response: "made-up", randomText: "x" })).toMatchObject({ kind: "refused" });
    expect(problems.join()).toMatch(provider === "tencent" ? /it said 7/ : /invalid-input-response/);
    expect(problems.join()).not.toContain("made-up");
  });

  test.each(["", "two words", "a\r\nb", "\u00e4"])(
    "is not asked about %j, which could not be its own",
    async (response) => {
      const { server, verify } = await opened(provider);
      expect(await verify({ response, randomText: "" })).toMatchObject({ kind: "refused" });
      expect(server.requests).toEqual([]);
    },
  );

  test.each([
    ["hangs", "hang", /TimeoutError/],
    ["ends the connection", "drop", /did not answer/],
    ["answers 500", { status: 500, body: '{"success":true,"response":"1"}' }, /answered 500/],
    ["answers 429", { status: 429, body: "{}" }, /answered 429/],
    ["sends us elsewhere", { status: 302, headers: { location: "/verify?again" } }, /answered 302/],
    ["answers without JSON", { status: 200, body: "<html>" }, /without JSON/],
    ["answers JSON of another kind", { status: 200, body: '{"success":"yes","response":1}' }, /not its protocol/],
    ["answers a list", { status: 200, body: "[true]" }, /not its protocol/],
    ["answers without an end", { status: 200, body: "x".repeat(20_000), isEndless: true }, /without JSON/],
  ] as const)("is unavailable when it %s", async (_name, trouble, problem) => {
    const { server, captcha, verify } = await opened(provider, { timeoutMs: 200 });
    server.inTrouble(trouble);
    const outcome = await verify(server.solve());
    expect(outcome).toMatchObject({ kind: "unavailable", problem: expect.stringMatching(problem) });
    expect(captcha.isTroubled()).toBe(true);
    expect(server.requests.map(({ path }) => path.replace(/\?.*/, ""))).toEqual(["/verify"]);
    server.inTrouble(undefined);
  });

  test("is left alone once it has failed too often", async () => {
    const { server, verify } = await opened(provider);
    server.inTrouble({ status: 503 });
    for (let i = 0; i < 12; i += 1) expect(await verify(server.solve())).toMatchObject({ kind: "unavailable" });
    expect(server.requests).toHaveLength(5);
  });

  test("a refusal of the request itself is no trouble: a stranger may have brought it about", async () => {
    const { server, captcha, verify } = await opened(provider);
    server.inTrouble({ status: 403, body: "blocked" });
    expect(await verify(server.solve())).toEqual({ kind: "refused", problem: "it answered 403" });
    expect(captcha.isTroubled()).toBe(false);
  });
});

describe.each(siteVerifiers)("%s", (provider) => {
  test("a secret that it does not know is our trouble, not the stranger's", async () => {
    const { server, verify } = await opened(provider, { secret: "another" });
    expect(await verify(server.solve())).toEqual({ kind: "unavailable", problem: "it said invalid-input-secret" });
  });

  test("vouches for pages of the named hosts alone", async () => {
    const { server, verify } = await opened(provider, { hostnames: ["app.example.com", "www.example.com"] });
    expect(await verify(server.solve({ hostname: "www.example.com" }))).toEqual(passed);
    for (const hostname of ["evil.example", "app.example.com.evil.example", ""]) {
      expect(await verify(server.solve({ hostname }))).toMatchObject({
        kind: "refused",
        problem: "it was solved on a page of another host",
      });
    }
  });

  test("codes are told only if they look like codes", async () => {
    const { verify, server } = await opened(provider);
    const codes = ["bad-request", "<script>", 'secret="abc"', "x".repeat(100)];
    server.inTrouble({ status: 200, body: JSON.stringify({ success: false, "error-codes": codes }) });
    expect(await verify(server.solve())).toEqual({ kind: "refused", problem: "it said bad-request" });
  });
});

describe("recaptcha_v3", () => {
  test.each<[string, Solved, string]>([
    ["a low score", { score: 0.4 }, "its score is 0.4"],
    ["another action", { action: "login" }, "it was solved for another action"],
  ])("%s does not pass", async (_name, how, problem) => {
    const { server, verify } = await opened("recaptcha_v3");
    expect(await verify(server.solve(how))).toEqual({ kind: "refused", problem });
  });

  test("the score that is enough passes", async () => {
    const { server, verify } = await opened("recaptcha_v3", { minScore: 0.7 });
    expect(await verify(server.solve({ score: 0.7 }))).toEqual(passed);
    expect(await verify(server.solve({ score: 0.69 }))).toMatchObject({ kind: "refused" });
  });

  test("an answer without a score is one of another version", async () => {
    const { server, verify } = await opened("recaptcha_v3");
    server.inTrouble({ status: 200, body: '{"success":true,"hostname":"app.example.com"}' });
    expect(await verify(server.solve())).toMatchObject({
      kind: "refused",
      problem: expect.stringContaining("version 3"),
    });
  });
});

test("hcaptcha refuses what was solved for another site", async () => {
  const { server, verify } = await opened("hcaptcha");
  const outcome = await verify(server.solve({ siteKey: "of-another-site" }));
  expect(outcome).toEqual({ kind: "refused", problem: "it said sitekey-secret-mismatch" });
});

test("tencent refuses a ticket whose random text is another's", async () => {
  const { server, verify } = await opened("tencent");
  const { response } = server.solve();
  expect(await verify({ response, randomText: "@other" })).toEqual({ kind: "refused", problem: "it said 7" });
});

test("a redirect is not followed, not even to somebody who would say yes", async () => {
  const yes = await startApi(() => ({ status: 200, body: '{"success":true}' }));
  const { server, verify } = await opened("turnstile");
  server.inTrouble({ status: 307, headers: { location: `${yes.url}/verify` } });
  expect(await verify(server.solve())).toMatchObject({ kind: "unavailable" });
  expect(yes.requests).toEqual([]);
});
