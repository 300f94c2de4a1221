// How does a test call the API of LoginRadius? A realm with an app, and whole answers as its clients see them.

import { type CaptchaSettings, defaultProofOfWork } from "../../src/bot-check/bot-check-settings.ts";
import type { LoginRadiusRealm } from "../../src/compose/login-radius-edges.ts";
import type { User } from "../../src/directory/directory.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { makeRealm, openRekey, type Rekey } from "./open-rekey.ts";

export const app = {
  key: "0b5cd1f4-8a06-4f8a-a1bb-2e4f1ac9d001",
  secret: "6f1f2a0c-5a1b-4d0e-9a51-3c4e7d2b9f10",
  secondary: "secondary-6f1f2a0c-5a1b-4d0e-9a51",
} as const;

export const goodPassword = "Marble-4-kites";
export const page = "https://app.example.com/reset-password";

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };

export type AppClient = {
  readonly rekey: Rekey;
  readonly realm: Realm;
  readonly url: string;
  /** "POST auth/password?…": the key is added unless there is one already. */
  call(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The same with key and secret. */
  manage(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** What the newest message to a user holds. */
  message(user: User): Promise<{
    readonly link: string;
    readonly code: string;
    readonly token: string;
    readonly vetoLink: string;
    readonly template: string;
  }>;
  messages(user: User): Promise<number>;
};

type AppOptions = Pick<NonNullable<Parameters<typeof openRekey>[0]>, "courier" | "allowedOrigins"> & {
  readonly captcha?: CaptchaSettings;
};

/** `captcha`: what strangers are asked for. */
export async function openApp(
  changes: Partial<LoginRadiusRealm["settings"]> = {},
  realmChanges: Partial<Realm> = {},
  { captcha, ...options }: AppOptions = {},
): Promise<AppClient> {
  const realm = makeRealm(realmChanges);
  const settings = {
    key: app.key,
    secrets: [app.secret, app.secondary],
    mailBrings: "link",
    unknownUser: "hide",
    ...(captcha && { captcha: captcha.provider }),
    ...changes,
  } as const;
  const proofOfWork = { ...defaultProofOfWork, mode: "off" as const };
  const rekey = await openRekey({
    ...options,
    realms: [realm],
    loginRadius: [{ realm, settings }],
    ...(captcha && { botChecks: new Map([[realm.id, { proofOfWork, captcha }]]) }),
  });
  const url = await rekey.listen();

  const ask = async (line: string, body: unknown, headers: Record<string, string>): Promise<Answer> => {
    const [method = "", path = ""] = line.split(" ");
    const response = await fetch(`${url}/identity/v2/${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text || "{}") as Answer["body"] };
  };
  const newest = async (user: User, size = 1) => {
    await rekey.recoveries();
    return (await rekey.courier?.list({ realmId: realm.id, userId: user.id, size })) ?? [];
  };
  return {
    rekey,
    realm,
    url,
    call: async (line, body, headers = {}) => await ask(withQuery(line, `apikey=${app.key}`), body, headers),
    manage: async (line, body, headers = {}) =>
      await ask(withQuery(line, `apikey=${app.key}&apisecret=${app.secret}`), body, headers),
    async message(user) {
      const [message] = await newest(user);
      if (message === undefined) throw new Error("no message");
      const { link, code, vetoLink } = message.values;
      const token = URL.parse(link)?.searchParams.get("vtoken") ?? "";
      return { link, code, token, vetoLink, template: message.template };
    },
    messages: async (user) => (await newest(user, 100)).length,
  };
}

function withQuery(line: string, query: string): string {
  if (/[?&]apikey=/i.test(line)) return line;
  return `${line}${line.includes("?") ? "&" : "?"}${query}`;
}

/** What a client reads of an error. */
export function errorOf({ status, body }: Answer) {
  return { status, code: body["ErrorCode"] };
}
