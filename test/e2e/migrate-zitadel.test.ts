// Does what docs/migrate/zitadel.md tells people to do work as it says, from the first line to the last?

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { simpleParser } from "mailparser";
import { expect, onTestFinished, test, vi } from "vitest";
import { parse } from "yaml";

import { openThreadHasher } from "../../src/password/thread-hasher.ts";
import { defaultArgon2 } from "../../src/password/argon2-settings.ts";
import { digestApiKey, makeApiKey } from "../../src/reset/api-key.ts";
import { eventually } from "../support/eventually.ts";
import { runCommand, runPasted } from "../support/run-command.ts";
import { startProcess } from "../support/start-process.ts";
import { startSmtpServer } from "../support/start-smtp-server.ts";

const guide = readFileSync("docs/migrate/zitadel.md", "utf8");
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, block]) => block ?? "");

const organization = "69629023906488334";
const passwords = { first: "Oysters-7-lamps", second: "Marble-4-kites", third: "Copper-9-foxes" };

type Settings = {
  keys: object;
  data_dir: string;
  listen: object;
  delivery: object;
  realms: [{ api_keys: { id: string; digest: string }[] }];
};

/** The guide's own configuration, with what is one's own filled in. */
async function startAsTold() {
  const directory = mkdtempSync(join(tmpdir(), "rekey-migrate-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const mail = await startSmtpServer({ security: "none" });
  const secretFile = (name: string) => {
    const path = join(directory, name);
    writeFileSync(path, randomBytes(32).toString("base64"));
    return path;
  };
  const settings = parse(blocks("yaml")[0] ?? "") as Settings;
  settings.keys = { names_file: secretFile("names"), codes: [{ id: 1, secret_file: secretFile("codes") }] };
  settings.data_dir = directory;
  settings.listen = { host: "127.0.0.1", port: 0 };
  settings.delivery = { smtp: [{ name: "mail", host: "127.0.0.1", port: mail.port, security: "none" }] };
  const tokens = new Map<string, string>();
  for (const key of settings.realms[0].api_keys) {
    const token = makeApiKey(key.id);
    tokens.set(key.id, token);
    key.digest = `sha256:${digestApiKey(token)}`;
  }
  const file = join(directory, "rekey.json");
  writeFileSync(file, JSON.stringify(settings));
  const started = await startProcess({ REKEY_CONFIG_FILE: file });
  onTestFinished(async () => void (await started.stop()));
  return { address: started.address, mail, tokenOf: (id: string) => tokens.get(id) ?? "" };
}

/** A folder from which the vendor's client can be imported, as from anybody's project. */
function project(): string {
  const cache = join(import.meta.dirname, "../../node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "rekey-migrate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function hashOf(password: string): Promise<string> {
  const hasher = openThreadHasher({ ...defaultArgon2, threads: 1, waiting: 1 });
  const hashed = await hasher.hash(password);
  await hasher.close();
  if (hashed.kind === "busy") throw new Error("the hasher is busy");
  return hashed.hash;
}

/** What the guide shows of a login page, as one function for each step. */
async function loginPage(folder: string) {
  const [, opened = "", bySending = "", byReturning = "", setting = ""] = blocks("js");
  const imports = (blocks("js")[0] ?? "").split("\n").filter((line) => line.includes("@zitadel/client"));
  const source = [
    ...imports,
    `export async function open(baseUrl, token, loginName) { ${opened} return { users, userId }; }`,
    `export async function send({ users, userId }) { ${bySending} }`,
    `export async function take({ users, userId }) { ${byReturning} return verificationCode; }`,
    `export async function set({ users, userId }, verificationCode, password) { ${setting} }`,
  ].join("\n");
  const file = join(folder, "login-page.mjs");
  writeFileSync(file, source);
  return (await import(file)) as {
    open(baseUrl: string, token: string, loginName: string): Promise<Opened>;
    send(page: Opened): Promise<void>;
    take(page: Opened): Promise<string>;
    set(page: Opened, code: string, password: string): Promise<void>;
  };
}
type Opened = { readonly users: object; readonly userId: string };

test("the configuration, the users, the login page", async () => {
  const { address, mail, tokenOf } = await startAsTold();
  const folder = project();

  const people = [
    { userId: "u-1", username: "ann", hash: await hashOf(passwords.first) },
    { userId: "u-2", username: "bob" },
    { userId: "u-3", username: "eve", hash: "$md5$0123456789abcdef" },
  ].map((user) => ({ ...user, givenName: "Ann", familyName: "Example", email: `${user.username}@example.com` }));
  const shownKeys = Object.keys(JSON.parse((blocks("json")[0] ?? "").trim()) as object);
  expect(shownKeys.toSorted()).toEqual(Object.keys(people[0] ?? {}).toSorted());
  writeFileSync(join(folder, "move-users.mjs"), blocks("js")[0] ?? "");
  writeFileSync(join(folder, "users.jsonl"), people.map((user) => JSON.stringify(user)).join("\n"));
  const move = async () =>
    await runCommand(
      "env",
      `REKEY_URL=${address}`,
      `REKEY_TOKEN=${tokenOf("move")}`,
      "sh",
      "-c",
      `${process.execPath} ${join(folder, "move-users.mjs")} < ${join(folder, "users.jsonl")}`,
    );
  const first = await move();
  expect(first.stdout).toBe("2 moved\n");
  expect(first.stderr).toContain("u-3: [invalid_argument] Password hash encoding not supported (USER-JDk4t)");
  expect((await move()).stdout).toBe("0 moved\n");

  const page = await loginPage(folder);
  const ann = await page.open(address, tokenOf("login"), "ann");
  expect(ann.userId).toBe("u-1");
  await page.set(ann, await page.take(ann), passwords.second);
  const bob = await page.open(address, tokenOf("login"), "bob");
  await page.send(bob);
  const link = await eventually(async () =>
    linkIn(mail.mails.find(({ recipients }) => recipients.includes("bob@example.com"))?.raw),
  );
  expect([link.origin, link.pathname]).toEqual(["https://login.example.com", "/ui/v2/login/password/set"]);
  expect([link.searchParams.get("userId"), link.searchParams.get("organization")]).toEqual(["u-2", organization]);
  await page.set(bob, link.searchParams.get("code") ?? "", passwords.third);

  vi.stubEnv("REKEY_URL", address);
  vi.stubEnv("REKEY_TOKEN", tokenOf("login"));
  vi.stubEnv("USER_ID", "u-1");
  const curl = await runPasted(blocks("sh").at(-1) ?? "");
  vi.unstubAllEnvs();
  expect(JSON.parse(curl.stdout)).toMatchObject({
    details: { resourceOwner: organization },
    verificationCode: expect.stringMatching(/^[A-Z0-9]{6}$/) as string,
  });
});

test("Rekey's own API is not there, as the configuration says", async () => {
  const { address, tokenOf } = await startAsTold();
  for (const headers of [{}, { authorization: `Bearer ${tokenOf("move")}` }]) {
    const rest = await fetch(`${address}/v1/users`, { headers });
    expect([rest.status, await rest.json()]).toMatchObject([404, { code: 5, message: "Not Found" }]);
    const post = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: "{}" };
    const rpc = await fetch(`${address}/rekey.v1.UserService/ListUsers`, post);
    expect([rpc.status, await rpc.json()]).toMatchObject([404, { code: "unimplemented" }]);
  }
});

async function linkIn(raw: Buffer | undefined): Promise<URL | undefined> {
  if (raw === undefined) return undefined;
  const { text = "" } = await simpleParser(raw);
  return new URL(/https:\/\/\S+/.exec(text)?.[0] ?? "");
}
