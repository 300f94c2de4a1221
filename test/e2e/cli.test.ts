// Does the command line do what its help says? As a process of its own, beside a real service and a real mail server.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { create } from "@bufbuild/protobuf";
import { describe, expect, onTestFinished, test } from "vitest";

import { DeliverySchema } from "../../gen/rekey/v1/delivery_service_pb.ts";
import { showCard, showTable } from "../../src/cli/show-deliveries.ts";
import { digestApiKey, makeApiKey } from "../../src/reset/api-key.ts";
import { eventually } from "../support/eventually.ts";
import { mustRun, runCommand } from "../support/run-command.ts";
import { startService, type StartedService } from "../support/start-service.ts";
import { type SmtpReply, startSmtpServer } from "../support/start-smtp-server.ts";

type Environment = Readonly<Record<string, string>>;

/** As an operator calls it, with nothing of this process's own settings. */
async function rekey(args: string, environment: Environment = {}) {
  // A data directory that is not there: no demo of somebody who works in this checkout is meant.
  const all = { REKEY_DATA_DIR: join(tmpdir(), "rekey-nobody"), ...environment };
  const variables = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return await runCommand("env", ...variables, process.execPath, "src/cli.ts", ...args.split(" "));
}

function makeDirectory(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "rekey-cli-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  return directory;
}

describe("rekey", () => {
  test("as the package's script it prints the help, which names every exit code that there is", async () => {
    const help = await mustRun("npm", "run", "--silent", "rekey", "--", "--help");
    for (const code of [0, 1, 64, 69, 73, 77, 78]) expect(help).toMatch(new RegExp(`^  ${code} `, "m"));
  });

  test.each([
    ["nothing", "", /The commands are templates list,/],
    ["a command that there is not", "outbox burn", /no command "outbox burn"/],
    ["an option that there is not", "outbox list --colour", /Unknown option '--colour'/],
    ["a state that there is not", "outbox list --state gone", /--state may be dead, waiting, delivered/],
    ["a limit that there is not", "outbox list --limit 100001", /--limit may be 1 to 100000/],
    ["no name", "templates preview", /Exactly one NAME is needed/],
    ["a template that there is not", "templates preview welcome", /no template "welcome", but password_changed,/],
    ["a realm that there is not", "templates list --realm acme", /no realm "acme"; the configuration has demo/],
    ["no service", "outbox list", /Where is the service\?/],
    ["an address that is none", "outbox list --address mail.example", /has to be a URL/],
    ["an address without a key", "outbox list --address http://127.0.0.1:1", /With which API key\?/],
    ["a file without a key", "outbox list --address http://127.0.0.1:1 --api-key-file none", /none cannot be read/],
  ])("%s ends with 64 and a sentence", async (_, args, sentence) => {
    expect(await rekey(args)).toEqual({ code: 64, stdout: "", stderr: expect.stringMatching(sentence) as string });
  });
});

describe("rekey templates", () => {
  test("list tells the built-in set and its languages", async () => {
    const { code, stdout } = await rekey("templates list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^password_initial: ar, de, en, /m);
    expect(stdout.trim().split("\n")).toHaveLength(3);
  });

  test("preview writes a message in the language asked for, in each format", async () => {
    const text = await rekey("templates preview password_reset --language de");
    expect(text).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^Neues Passwort .*\n\n/) });
    const sms = await rekey("templates preview password_reset --language de --format sms");
    expect(sms.stdout.trim().split("\n")).toHaveLength(1);
    const html = await rekey("templates preview password_reset --language de --format html");
    expect(html.stdout).toMatch(/^<!doctype html>\s*<html lang="de"/i);
  });

  test("preview writes HTML into a file", async () => {
    const file = join(makeDirectory(), "preview.html");
    expect(await rekey(`templates preview password_changed --output ${file}`)).toMatchObject({ code: 0 });
    const { stdout } = await rekey("templates preview password_changed --format html");
    expect(readFileSync(file, "utf8")).toBe(stdout);
  });

  test("a file that cannot be written ends with 73", async () => {
    const file = join(makeDirectory(), "nowhere", "preview.html");
    const { code, stderr } = await rekey(`templates preview password_changed --output ${file}`);
    expect({ code, stderr }).toEqual({ code: 73, stderr: expect.stringContaining("cannot be written") as string });
  });

  test("a language that nobody wrote is told, beside what its readers get", async () => {
    const { stdout, stderr } = await rekey("templates preview password_reset --language pt-PT --format html");
    expect(stdout).toContain('lang="pt"');
    expect(stderr).toContain("no texts in pt-PT");
  });

  test("preview speaks in the operator's own words, and in the realm's language", async () => {
    const environment = operator({ "acme/password_reset/de.yaml": "subject: Auf ein Neues" });
    const { stdout } = await rekey("templates preview password_reset", environment);
    expect(stdout.split("\n")[0]).toBe("Auf ein Neues");
  });

  test.each([
    ["text", { "acme/password_reset/de.yaml": "heading: Hallo\nsubject: '{{ nobody }}'" }, /de\.yaml:2: /],
    ["directory", undefined, /:1: It cannot be read \(ENOENT\)\./],
  ])(
    "a broken %s is told with file and line, here and at the service's start, and both end with 78",
    async (_, files, where) => {
      const environment = operator(files);
      const { code, stdout, stderr } = await rekey("templates preview password_reset", environment);
      expect({ code, stdout, stderr }).toEqual({
        code: 78,
        stdout: "",
        stderr: expect.stringMatching(where) as string,
      });
      const refusal = await startService({ environment }).catch(({ message }: Error) => message);
      expect(refusal).toMatch(/^the service ended with 78:\nRekey does not start\.\n\ndelivery\.templates_dir\n /);
      expect(refusal).toMatch(where);
    },
  );

  test("a broken configuration ends with 78, as at the service's start", async () => {
    const { code, stderr } = await rekey("templates list", { REKEY_LISTEN_PORTS: "1" });
    expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringContaining("REKEY_LISTEN_PORT?") as string });
  });

  /** Without files there is no directory of templates. */
  function operator(files: Readonly<Record<string, string>> | undefined): Environment {
    const directory = makeDirectory(files);
    const templatesDir = files === undefined ? join(directory, "missing") : directory;
    const realms = [{ id: "acme", default_language: "de", api_keys: [] }];
    return configured({ delivery: { templates_dir: templatesDir }, realms });
  }
});

describe("rekey outbox", () => {
  test("a dead letter is listed, looked at, sent again, and another one dropped", async () => {
    let reply: SmtpReply = "550 5.1.1 no such user";
    const { service, environment } = await startSending(() => reply);
    const address = service.facts.email;

    expect(await rekey("outbox list", environment)).toMatchObject({ code: 0, stdout: "There are no dead letters.\n" });
    const id = await requestLink(service);
    const table = await listed("dead", environment);
    expect(table).toMatch(new RegExp(`^ID .*\n${id}  .* demo-user .* email .*550`));
    expect(await rekey("outbox list --user somebody-else", environment)).toMatchObject({
      stdout: "There are no dead letters.\n",
    });

    const card = await rekey(`outbox show ${id}`, environment);
    expect(card.stdout).toMatch(/^state +dead$/m);
    expect(table + card.stdout).not.toContain(address);
    const json = await rekey("outbox list --json", environment);
    expect(JSON.parse(json.stdout)).toMatchObject([{ deliveryId: id, state: "DELIVERY_STATE_DEAD" }]);

    reply = undefined;
    const resent = await rekey(`outbox resend ${id}`, environment);
    const newId = /[0-9a-f-]{36}/.exec(resent.stdout)?.[0] ?? "";
    expect(newId).not.toBe(id);
    expect(await listed("delivered", environment)).toContain(newId);
    expect(await rekey(`outbox show ${id}`, environment)).toMatchObject({ code: 1 });

    const again = await rekey(`outbox resend ${newId}`, environment);
    expect(again).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("Only a dead reset message") });
    expect(await rekey(`outbox drop ${newId}`, environment)).toMatchObject({ code: 0, stdout: "It is forgotten.\n" });
    expect(await rekey(`outbox drop ${newId}`, environment)).toMatchObject({ code: 1 });
  });

  test("more than a page of the service is listed as a whole, up to the limit that was named", async () => {
    const { service, environment } = await startSending(() => "550 5.1.1 no such user");
    const ids = new Set<string>();
    for (let made = 0; made < 203; made += 1) ids.add(await requestLink(service));
    const dead = await eventually(async () => {
      const { stdout } = await rekey("outbox list --limit 1000 --json", environment);
      const deliveries = JSON.parse(stdout) as readonly { readonly deliveryId: string }[];
      return deliveries.length === ids.size && deliveries.map(({ deliveryId }) => deliveryId);
    });
    expect(new Set(dead)).toEqual(ids);
    const { stdout } = await rekey("outbox list --limit 201 --json", environment);
    expect((JSON.parse(stdout) as readonly object[]).length).toBe(201);
    expect((await rekey("outbox list", environment)).stdout.trim().split("\n")).toHaveLength(1 + 50);
  });

  test("the demo is found by its facts; others by their address and a key in a file", async () => {
    const { service } = await startSending(() => undefined);
    expect(await rekey("outbox list", { REKEY_DATA_DIR: service.dataDir })).toMatchObject({ code: 0 });
    const file = join(makeDirectory({ key: `${service.facts.api_key}\n` }), "key");
    const args = `outbox list --address ${service.facts.address} --api-key-file ${file}`;
    expect(await rekey(args, { REKEY_API_KEY: "rk_another_one" })).toMatchObject({ code: 0 });
  });

  test.each([
    ["a key that nobody has", 77, "nobody", "list", /does not know this API key/],
    ["a key without the permission", 77, "weak", "list", /may not do that; it needs deliveries\.read/],
    ["an id that is none", 64, "demo", "show 17", /does not take that: .*UUID/i],
    ["no service", 69, "demo", "list --address http://127.0.0.1:1", /No service answers at http:.*; start it/],
  ] as const)("%s ends with %i and a sentence", async (_, code, holder, args, sentence) => {
    const weak = makeApiKey("weak");
    const apiKey = { id: "weak", digest: `sha256:${digestApiKey(weak)}`, permissions: ["users.read"] };
    const { environment } = await startSending(() => undefined, [{ id: "acme", api_keys: [apiKey] }]);
    const keys = { nobody: makeApiKey("nobody"), weak, demo: environment.REKEY_API_KEY };
    const { stdout, ...ended } = await rekey(`outbox ${args}`, { ...environment, REKEY_API_KEY: keys[holder] });
    expect(stdout).toBe("");
    expect(ended).toEqual({ code, stderr: expect.stringMatching(sentence) as string });
  });

  test("a service that sends nothing is told from one that is not there", async () => {
    const service = await startService();
    onTestFinished(async () => await service.close());
    const { code, stderr } = await rekey("outbox list", { REKEY_DATA_DIR: service.dataDir });
    expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringContaining("has no outbox") as string });
  });

  test("what a mail server says moves no cursor", () => {
    const delivery = create(DeliverySchema, {
      deliveryId: "1",
      problem: "smtp: \u001b[2J\u001b]0;owned\u0007\u202e 550",
    });
    for (const shown of [showTable("dead", [delivery]), showCard(delivery)]) {
      expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(shown).toContain("550");
    }
  });

  async function startSending(onRecipient: () => SmtpReply, realms: readonly object[] = []) {
    const server = await startSmtpServer({ security: "none", onRecipient });
    const smtp = [{ name: "first", host: "127.0.0.1", port: server.port, security: "none" }];
    const service = await startService({
      // What an operator's shell holds for the command line is no setting of the service.
      environment: { ...configured({ delivery: { smtp }, realms }), REKEY_ADDRESS: "http://here", REKEY_API_KEY: "x" },
    });
    onTestFinished(async () => await service.close());
    const { address, api_key: apiKey } = service.facts;
    return { service, environment: { REKEY_ADDRESS: address, REKEY_API_KEY: apiKey } };
  }

  /** Answers the id of the message. */
  async function requestLink({ facts }: StartedService): Promise<string> {
    const response = await fetch(`${facts.address}/v1/users/${facts.user_id}/password_reset`, {
      method: "POST",
      headers: { authorization: `Bearer ${facts.api_key}`, "content-type": "application/json" },
      body: '{"sendLink":{}}',
    });
    return ((await response.json()) as { messageId: string }).messageId;
  }

  /** Asks until there is something in the state. */
  async function listed(state: string, environment: Environment): Promise<string> {
    const { stdout } = await rekey(`outbox list --state ${state}`, environment);
    return stdout.startsWith("ID ") ? stdout : await listed(state, environment);
  }
});

/** The demo, with these settings besides. */
function configured(settings: object): Environment {
  const file = join(makeDirectory({ "rekey.json": JSON.stringify({ mode: "demo", ...settings }) }), "rekey.json");
  return { REKEY_CONFIG_FILE: file };
}
