// Is the answer to a CAPTCHA found wherever LoginRadius's clients put it, and wanted of nobody who has the secret?

import { expect, onTestFinished, test } from "vitest";

import type { CaptchaProvider } from "../../src/bot-check/bot-check-settings.ts";
import { errorOf, openApp, page } from "../support/loginradius-app.ts";
import { startCaptchaProvider } from "../support/start-captcha-provider.ts";

type Solved = { readonly response: string; readonly randomText: string };
type Place = {
  readonly provider: CaptchaProvider;
  readonly place: "query" | "body";
  readonly names: (solved: Solved) => object;
};

const tencent = (ticket: string, randstr: string) => (solved: Solved) => ({
  [ticket]: solved.response,
  [randstr]: solved.randomText,
});

const places: readonly Place[] = [
  { provider: "recaptcha_v2", place: "query", names: ({ response }) => ({ "g-recaptcha-response": response }) },
  { provider: "recaptcha_v2", place: "body", names: ({ response }) => ({ "g-recaptcha-response": response }) },
  { provider: "recaptcha_v3", place: "query", names: ({ response }) => ({ g_recaptcha_response: response }) },
  {
    provider: "recaptcha_v2",
    place: "query",
    names: ({ response }) => ({
      g_recaptcha_response: "wrong",
      "g-recaptcha-response": response,
      "h-captcha-response": "x",
    }),
  },
  { provider: "hcaptcha", place: "query", names: ({ response }) => ({ "h-captcha-response": response }) },
  { provider: "hcaptcha", place: "body", names: ({ response }) => ({ "H-Captcha-Response": response }) },
  { provider: "tencent", place: "query", names: tencent("qq_recaptcha_ticket", "qq_recaptcha_randstr") },
  { provider: "tencent", place: "query", names: tencent("qq_captcha_ticket", "qq_captcha_randstr") },
  { provider: "tencent", place: "body", names: tencent("qq_captcha_ticket", "qq_captcha_randstr") },
];

async function open(provider: CaptchaProvider) {
  const vendor = await startCaptchaProvider(provider);
  const client = await openApp({ resetUrl: page }, {}, { captcha: vendor.settings() });
  onTestFinished(async () => await client.rekey.close());
  return { vendor, client };
}

test.each(places)("of $provider in the $place", async ({ provider, place, names }) => {
  const { vendor, client } = await open(provider);
  const user = await client.rekey.user(client.realm);
  const ask = async () => {
    const given = names(vendor.solve()) as Record<string, string>;
    const query = place === "query" ? `?${String(new URLSearchParams(given))}` : "";
    const body = { email: user.email?.address, ...(place === "body" ? given : {}) };
    return await client.call(`POST auth/password${query}`, body);
  };
  expect(await ask()).toMatchObject({ status: 200, body: { IsPosted: true } });
  expect(await client.messages(user)).toBe(1);
});

test("one that is missing, half, wrong or used is 1218, by mail and by phone", async () => {
  const { vendor, client } = await open("tencent");
  const { response, randomText } = vendor.solve();
  const whole = `qq_captcha_ticket=${response}&qq_captcha_randstr=${encodeURIComponent(randomText)}`;
  expect((await client.call(`POST auth/password?${whole}`, { username: "ann" })).status).toBe(200);
  for (const query of ["", `qq_captcha_ticket=${response}`, whole, "qq_captcha_ticket=x&qq_captcha_randstr=@x"]) {
    const byMail = await client.call(`POST auth/password?${query}`, { username: "ann" });
    const byPhone = await client.call(`POST auth/password/otp?${query}`, { phone: "+15555550100" });
    expect([errorOf(byMail), errorOf(byPhone)]).toEqual([
      { status: 403, code: 1218 },
      { status: 403, code: 1218 },
    ]);
  }
});

test("who has the secret is not asked", async () => {
  const { client } = await open("hcaptcha");
  const { userName } = await client.rekey.user(client.realm);
  const answer = await client.manage("POST manage/account/forgot/token?sendemail=true", { username: userName });
  expect(answer.status).toBe(200);
});

test("a provider that is away is 503", async () => {
  const { vendor, client } = await open("hcaptcha");
  vendor.inTrouble("drop");
  const answer = await client.call("POST auth/password?h-captcha-response=x", { username: "ann" });
  expect(errorOf(answer)).toEqual({ status: 503, code: 950 });
  expect(answer.headers.get("retry-after")).toBe("1");
});
