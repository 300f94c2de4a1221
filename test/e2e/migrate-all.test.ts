// Does one realm speak every dialect at once, as docs/migrate/README.md configures it? And is an edge that is switched off
// nowhere: each of its paths, by every method, over both versions of HTTP, answered as a path that never was?

import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { type DescService, getOption } from "@bufbuild/protobuf";
import { simpleParser } from "mailparser";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";

import { http } from "../../gen/google/api/annotations_pb.ts";
import { DeliveryService } from "../../gen/rekey/v1/delivery_service_pb.ts";
import { InboxService } from "../../gen/rekey/v1/inbox_service_pb.ts";
import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { RecoveryService } from "../../gen/rekey/v1/recovery_service_pb.ts";
import { UserService as NativeUsers } from "../../gen/rekey/v1/user_service_pb.ts";
import { UserService as ZitadelUsers } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { digestApiKey, makeApiKey } from "../../src/reset/api-key.ts";
import { mailsTo } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { keygenCall } from "../support/keygen-account.ts";
import { startProcess } from "../support/start-process.ts";
import { startSmtpServer } from "../support/start-smtp-server.ts";

const guide = readFileSync("docs/migrate/README.md", "utf8");
const yaml = /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? "";

type Edge = "native" | "zitadel" | "recovery" | "keygen" | "loginradius";
type Realm = Record<Edge, { enabled?: boolean }> & {
  api_keys: [{ digest: string }];
  keygen: { account: string };
  loginradius: { key: string };
};
type Settings = { data_dir: string; listen: object; delivery: object; realms: [Realm] };

/** The guide's configuration on this machine, less the edges that are off. */
async function startAsTold(off: readonly Edge[] = []) {
  const home = mkdtempSync(join(tmpdir(), "rekey-all-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const secrets = { names: "rekey-names", codes: "rekey-codes", vendor: "loginradius", mail: "mail-password" };
  for (const name of Object.values(secrets)) writeFileSync(join(home, name), randomBytes(32).toString("base64"));
  writeFileSync(join(home, "keygen-signing-key"), randomBytes(32).toString("hex"));
  const mail = await startSmtpServer({ security: "none" });

  const settings = parse(yaml.replaceAll("/run/secrets", home)) as Settings;
  const [realm] = settings.realms;
  const key = makeApiKey("backend");
  realm.api_keys[0].digest = `sha256:${digestApiKey(key)}`;
  for (const edge of off) realm[edge].enabled = false;
  const here = { data_dir: join(home, "data"), listen: { host: "127.0.0.1", port: 0 } };
  const smtp = [{ name: "mail", host: "127.0.0.1", port: mail.port, security: "none" }];
  const file = join(home, "rekey.json");
  writeFileSync(file, JSON.stringify({ ...settings, ...here, delivery: { smtp } }));
  const service = await startProcess({ REKEY_CONFIG_FILE: file });
  onTestFinished(async () => void (await service.stop("SIGKILL")));

  const secret = readFileSync(join(home, secrets.vendor), "utf8");
  const app = `apikey=${realm.loginradius.key}&apisecret=${encodeURIComponent(secret)}`;
  const post = async (path: string, body: object, method = "POST") => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const answer = await fetch(service.address + path, { method, headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { url: service.address, key, mail, app, account: realm.keygen.account, post };
}

/** They satisfy the realm's rule, and not LoginRadius's own. */
const passwords = {
  first: "oysters and seven lamps",
  second: "marble and four kites",
  third: "copper and nine foxes",
} as const;

test("each dialect reaches one user, and the realm's rule is everybody's", async () => {
  const { url, mail, app, account, post } = await startAsTold();
  const userId = randomUUID();
  const email = "ann@example.com";
  const ann = { userId, userName: "ann", email: { address: email, verified: true } };
  expect((await post("/v1/users", ann)).status).toBe(200);

  for (const path of [`/v1/users/${userId}`, `/v2/users/${userId}`]) {
    const { verificationCode } = (await post(`${path}/password_reset`, { returnCode: {} })).body;
    const newPassword = { password: passwords.first };
    expect((await post(`${path}/password`, { verificationCode, newPassword })).status).toBe(200);
  }
  const { ForgotToken: resettoken } = (await post(`/identity/v2/manage/account/forgot/token?${app}`, { email })).body;
  const choose = async (password: string) =>
    await post(`/identity/v2/auth/password/reset?${app}`, { resettoken, password }, "PUT");
  expect(await choose("Marble-4-kites")).toMatchObject({ status: 403, body: { ErrorCode: 1134 } });
  expect((await choose(passwords.second)).status).toBe(200);

  const arrived = async (link: string) =>
    await eventually(async () => {
      const mails = await Promise.all(mailsTo(mail, email).map(async ({ raw }) => await simpleParser(raw)));
      return mails.map(({ text: said = "" }) => said.split(/\s/).find((word) => word.startsWith(link))).find(Boolean);
    });
  expect((await keygenCall(url, `/v1/accounts/${account}/passwords`, { meta: { email } })).status).toBe(202);
  await arrived("https://app.example.com/recover/");
  expect((await post(`/identity/v2/auth/password?${app}`, { email })).body).toEqual({ IsPosted: true });
  await arrived("https://app.example.com/reset-password?vtype=reset&vtoken=");
  expect((await post("/v1/recovery", { realmId: "acme", identifier: email })).status).toBe(200);
  const link = await arrived("https://login.example.com/recover#token=");
  const proof = { token: link.slice(link.indexOf("=") + 1) };
  const done = { proof, newPassword: { password: passwords.third } };
  expect((await post("/v1/recovery/complete", done)).status).toBe(200);
});

/** Where each edge is, by its own contract; parameters hold something. */
const services: Partial<Record<Edge, readonly DescService[]>> = {
  native: [PasswordService, NativeUsers, DeliveryService, InboxService],
  recovery: [RecoveryService],
  zitadel: [ZitadelUsers],
};
const plain: Partial<Record<Edge, readonly string[]>> = {
  keygen: ["/v1", "/v1/accounts/acme"].flatMap((prefix) =>
    ["/passwords", "/passwords/", "/users/ann/actions/reset-password", "/users/ann/actions/update-password"].map(
      (path) => prefix + path,
    ),
  ),
  loginradius: [
    ...["", "/otp", "/reset", "/change", "/securityanswer"].map((end) => `/identity/v2/auth/password${end}`),
    ...["forgot/token", "emailtoken/forgotpassword", "smsotp/forgotpassword"].map(
      (end) => `/identity/v2/manage/account/${end}`,
    ),
  ],
};

function pathsOf(edge: Edge): readonly string[] {
  const rest = (services[edge] ?? []).flatMap(({ methods }) =>
    methods.flatMap((method) => {
      const { value } = getOption(method, http).pattern;
      return typeof value === "string" ? [value.replaceAll(/\{[^}]+\}/g, "ann")] : [];
    }),
  );
  return [...new Set([...(plain[edge] ?? []), ...rest, ...(edge === "recovery" ? ["/recover"] : [])])];
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const withoutBody = new Set(["GET", "HEAD", "DELETE"]);
/** Of no two answers the same. */
const ownHeaders = new Set(["date", "x-request-id", "connection", "keep-alive", "transfer-encoding", "content-length"]);

function answerOf(status: number, headers: readonly (readonly [string, unknown])[], body: string) {
  const told = headers.filter(([name]) => !ownHeaders.has(name) && !name.startsWith(":"));
  return { status, headers: Object.fromEntries(told), body };
}

async function overHttp1(url: string, method: string, path: string, sent: Record<string, string>) {
  const body = withoutBody.has(method) ? {} : { body: "{}" };
  const answer = await fetch(url + path, { method, headers: sent, ...body });
  return answerOf(answer.status, [...answer.headers], await answer.text());
}

async function overHttp2(session: ClientHttp2Session, method: string, path: string, sent: Record<string, string>) {
  const stream = session.request({ ":method": method, ":path": path, ...sent });
  stream.end(withoutBody.has(method) ? undefined : "{}");
  const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders & { ":status": number }];
  return answerOf(headers[":status"], Object.entries(headers), await text(stream));
}

test.each<[string, readonly Edge[]]>([
  ["all but Rekey's own API", ["zitadel", "recovery", "keygen", "loginradius"]],
  ["Rekey's own API", ["native", "recovery"]],
])("switched off: %s", async (_, off) => {
  const { url, key } = await startAsTold(off);
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const nowhere = "/nowhere/at/all";
  const paths = off.flatMap(pathsOf);
  expect(paths.length).toBeGreaterThan(10);
  const sent = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  for (const method of methods) {
    const unknown = [await overHttp1(url, method, nowhere, sent), await overHttp2(session, method, nowhere, sent)];
    expect(unknown.map(({ status }) => status)).toEqual([404, 404]);
    for (const path of paths) {
      const answers = [await overHttp1(url, method, path, sent), await overHttp2(session, method, path, sent)];
      expect([method, path, ...answers]).toEqual([method, path, ...unknown]);
    }
  }
  // A call of gRPC never hears 404: it hears what a service that never was answers.
  for (const type of ["application/grpc", "application/grpc-web+proto", "application/proto", "application/json"]) {
    const called = { ...sent, "content-type": type };
    const unknown = await overHttp2(session, "POST", "/nowhere.Service/Call", called);
    for (const { typeName, methods: calls } of off.flatMap((edge) => services[edge] ?? [])) {
      for (const { name } of calls) {
        const path = `/${typeName}/${name}`;
        expect([path, await overHttp2(session, "POST", path, called)]).toEqual([path, unknown]);
      }
    }
  }
});
