// What does the vendor's client hear of each no? Plays a table of cases over every protocol, and compares every byte.

import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { User } from "../../src/directory/directory.ts";
import { zitadelDialect } from "../../src/edge/zitadel/dialect.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { type Asked, errorWays, sendRest } from "./error-answers.ts";
import { openRekey, type Rekey } from "./open-rekey.ts";
import { whileWritesAre } from "./refuse-writes.ts";
import { resetSteps, type ResetSteps } from "./reset-steps.ts";

export const oldPassword = "Once my 1st Password!";

export type Told = { readonly code: Code; readonly status: number; readonly text: string; readonly id?: string };
type Scene = { readonly rekey: Rekey; readonly realm: Realm; readonly user: User; readonly steps: ResetSteps };

export type ErrorCase = {
  readonly realm?: Partial<Realm>;
  readonly user?: Parameters<Rekey["user"]>[1];
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly permissions?: Parameters<Rekey["apiKey"]>[1];
  /** What happened before; answers the call. */
  readonly ask: (scene: Scene) => Asked | Promise<Asked>;
  readonly while?: readonly ["refused" | "ignored", string];
  readonly says: Told;
  readonly detail?: "CredentialsCheckError";
  readonly retryAfter?: string;
};

export const invalid = (text: string, id?: string): Told => told(Code.InvalidArgument, 400, text, id);
export const failed = (text: string, id: string): Told => told(Code.FailedPrecondition, 400, text, id);
export const exhausted = (text: string, id: string): Told => told(Code.ResourceExhausted, 429, text, id);
export function told(code: Code, status: number, text: string, id?: string): Told {
  return { code, status, text, ...(id === undefined ? {} : { id }) };
}

export const bounds = (most: number, unit = "runes") => `value length must be between 1 and ${most} ${unit}, inclusive`;
export const nested = "embedded message failed validation | caused by: ";

/** Every case over every protocol; the bytes of REST and of Connect besides. */
export function tellAsTheVendor(cases: Readonly<Record<string, ErrorCase>>): void {
  let rekey: Rekey;
  let url: string;
  beforeAll(async () => {
    rekey = await openRekey();
    url = await rekey.listen();
  });
  afterAll(async () => await rekey.close());

  const messageOf = ({ text, id }: Told) => (id === undefined ? text : `${text} (${id})`);

  /** The scene of a case: fresh for each way, because most cases change it. */
  async function play({
    ask,
    ...given
  }: ErrorCase): Promise<{ asked: Asked; headers: Record<string, string>; realm: Realm }> {
    const realm = rekey.realm(given.realm);
    const user = await rekey.user(realm, { password: oldPassword, ...given.user });
    const steps = resetSteps(rekey, rekey.call(realm), zitadelDialect);
    const all = { authorization: `Bearer ${rekey.apiKey(realm, given.permissions)}`, ...given.headers };
    const headers = Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    return { asked: await ask({ rekey, realm, user, steps }), headers, realm };
  }

  async function during<T>({ while: trouble }: ErrorCase, act: () => Promise<T>): Promise<T> {
    return trouble === undefined ? await act() : await whileWritesAre(...trouble, rekey.database, act);
  }

  describe.each(errorWays)("over $name", ({ name, ask }) => {
    test.each(Object.entries(cases))("%s", async (_name, one) => {
      const { asked, headers } = await play(one);
      const { says, detail = "ErrorDetail", retryAfter = null } = one;
      const answer = await during(one, async () => await ask(url, headers, asked));
      const type = `type.googleapis.com/zitadel.v1.${detail}`;
      expect(answer).toEqual({
        code: says.code,
        message: messageOf(says),
        details: says.id === undefined ? [] : [{ "@type": type, id: says.id, message: says.text }],
        retryAfter,
        requestId: answer.requestId,
        ...(name === "Connect" || name === "REST" ? { status: says.status } : {}),
      });
    });
  });

  describe("the bytes", () => {
    const names: Partial<Record<Code, string>> = {
      [Code.InvalidArgument]: "invalid_argument",
      [Code.FailedPrecondition]: "failed_precondition",
      [Code.Unauthenticated]: "unauthenticated",
      [Code.PermissionDenied]: "permission_denied",
      [Code.NotFound]: "not_found",
      [Code.AlreadyExists]: "already_exists",
      [Code.Unimplemented]: "unimplemented",
      [Code.ResourceExhausted]: "resource_exhausted",
      [Code.Aborted]: "aborted",
      [Code.Unavailable]: "unavailable",
    };

    /** Two fields of text, as protobuf writes them. */
    const encoded = (id: string, text: string) =>
      Buffer.concat([Buffer.of(0x0a, id.length), Buffer.from(id), Buffer.of(0x12, text.length), Buffer.from(text)])
        .toString("base64")
        .replaceAll("=", "");

    test.each(Object.entries(cases))("of REST and of Connect: %s", async (_name, one) => {
      const { says, detail = "ErrorDetail" } = one;
      const message = JSON.stringify(messageOf(says));
      const text = JSON.stringify(says.text);

      const rest = await play(one);
      const restAnswer = await during(one, async () => await sendRest(url, rest.headers, rest.asked));
      const restDetails =
        says.id === undefined
          ? ""
          : `,"details":[{"@type":"type.googleapis.com/zitadel.v1.${detail}","id":"${says.id}","message":${text}}]`;
      expect([restAnswer.status, await restAnswer.text()]).toEqual([
        says.status,
        `{"code":${says.code},"message":${message}${restDetails}}`,
      ]);

      const connect = await play(one);
      const method = `/zitadel.user.v2.UserService/${connect.asked.method.name}`;
      const connectAnswer = await during(one, async () => await post(method, connect.headers, connect.asked.message));
      const value = says.id === undefined ? "" : encoded(says.id, says.text);
      const debug = { id: says.id, message: says.text };
      expect([connectAnswer[0], JSON.parse(connectAnswer[1])]).toEqual([
        says.status,
        {
          code: names[says.code],
          message: messageOf(says),
          ...(says.id === undefined ? {} : { details: [{ type: `zitadel.v1.${detail}`, value, debug }] }),
        },
      ]);
    });

    async function post(path: string, headers: Record<string, string>, body: object): Promise<[number, string]> {
      const all = { ...headers, "content-type": "application/json" };
      const response = await fetch(url + path, { method: "POST", headers: all, body: JSON.stringify(body) });
      return [response.status, await response.text()];
    }
  });
}
