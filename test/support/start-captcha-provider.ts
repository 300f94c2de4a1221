// Who vouches for people in a test? A server on loopback that speaks a provider's verification protocol.

import type { CaptchaProvider, CaptchaSettings } from "../../src/bot-check/bot-check-settings.ts";
import { second } from "../../src/units.ts";
import { type ApiReply, type ApiRequest, startApi, type TestApi } from "./start-api.ts";

const keys = { siteKey: "the-site-key", secret: "the-secret-of-the-captcha" };

/** How somebody solved a riddle. */
export type Solved = {
  readonly hostname?: string;
  readonly score?: number;
  readonly action?: string;
  readonly siteKey?: string;
};

export type Trouble = ApiReply | "drop" | "hang" | undefined;

export type TestProvider = TestApi & {
  /** What a realm has to say to use it. */
  settings(changes?: Partial<CaptchaSettings>): CaptchaSettings;
  /** What the provider's script hands over. Counts once. */
  solve(how?: Solved): { readonly response: string; readonly randomText: string };
  /** Answers so, whatever is asked, until undefined is said. */
  inTrouble(how: Trouble): void;
};

export async function startCaptchaProvider(provider: CaptchaProvider): Promise<TestProvider> {
  const solved = new Map<string, Solved>();
  let made = 0;
  let trouble: Trouble;
  const speak = provider === "tencent" ? ticketVerify : siteVerify;
  const api = await startApi((request) => trouble ?? speak(request));

  function siteVerify({ method, headers, path, body }: ApiRequest): ApiReply {
    const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
    if (method !== "POST" || path !== "/verify" || !isForm)
      return said({ success: false, "error-codes": ["bad-request"] });
    const form = new URLSearchParams(body);
    const no = (...codes: string[]) => said({ success: false, "error-codes": codes });
    if (form.get("secret") !== keys.secret) return no("invalid-input-secret");
    const response = form.get("response") ?? "";
    if (!response.startsWith("solved-")) return no("invalid-input-response");
    const how = taken(response);
    if (how === undefined)
      return no(provider === "hcaptcha" ? "invalid-or-already-seen-response" : "timeout-or-duplicate");
    if (provider === "hcaptcha" && form.get("sitekey") !== (how.siteKey ?? keys.siteKey))
      return no("sitekey-secret-mismatch");
    const { hostname = "app.example.com", score = 0.9, action = "start_recovery" } = how;
    const graded = provider === "recaptcha_v3" ? { score, action } : {};
    return said({ success: true, challenge_ts: "2027-01-15T08:00:00Z", hostname, ...graded });
  }

  function ticketVerify({ method, path }: ApiRequest): ApiReply {
    const { pathname, searchParams: query } = new URL(path, "http://provider");
    const no = (response: string, message: string) => said({ response, evil_level: "0", err_msg: message });
    if (method !== "GET" || pathname !== "/verify") return no("100", "bad request");
    if (query.get("aid") !== keys.siteKey || query.get("AppSecretKey") !== keys.secret) return no("100", "bad secret");
    const ticket = query.get("Ticket") ?? "";
    if (query.get("Randstr") !== `@${ticket}` || query.get("UserIP") === null) return no("7", "captcha no match");
    return taken(ticket) === undefined ? no("9", "ticket reused") : no("1", "OK");
  }

  function taken(response: string): Solved | undefined {
    const how = solved.get(response);
    solved.delete(response);
    return how;
  }

  return {
    ...api,
    settings: (changes = {}) => ({
      provider,
      ...keys,
      verifyUrl: `${api.url}/verify`,
      hostnames: [],
      minScore: 0.5,
      action: "start_recovery",
      timeoutMs: 5 * second,
      whenUnavailable: "refuse",
      ...changes,
    }),
    solve(how = {}) {
      made += 1;
      const response = `solved-${made}`;
      solved.set(response, how);
      return { response, randomText: provider === "tencent" ? `@${response}` : "" };
    },
    inTrouble: (how) => void (trouble = how),
  };
}

function said(answer: object): ApiReply {
  return { status: 200, body: JSON.stringify(answer) };
}
