// Does what docs/webhooks.md tells people to paste work as it says?

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { endpointProblems, type WebhookEndpoint } from "../../src/delivery/webhook/endpoint.ts";
import { eventSchema } from "../../src/delivery/webhook/event-schema.ts";
import { signWebhook } from "../../src/delivery/webhook/sign.ts";
import { openWebhooks, type Webhooks } from "../support/open-webhooks.ts";
import { pythonWith } from "../support/python.ts";
import { runPasted } from "../support/run-command.ts";
import { sampleEvents } from "../support/sample-events.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

const guide = readFileSync("docs/webhooks.md", "utf8");
/** The packages come from the network the first time. */
const installTimeoutMs = 600_000;

let webhooks: Webhooks;
let receiver: ChildProcess | undefined;
beforeEach(async () => {
  webhooks = await openWebhooks();
});
afterEach(async () => {
  webhooks.close();
  if (receiver !== undefined) {
    const gone = once(receiver, "exit");
    receiver.kill();
    await gone;
    receiver = undefined;
  }
});

test("the receiver for Node verifies", async () => {
  await expectReceiver(process.execPath, "--input-type=module", "--eval", blockOf("js"));
});

test("the receiver for Python verifies", { timeout: installTimeoutMs }, async () => {
  const python = await pythonWith(join(import.meta.dirname, "python/webhook-requirements.txt"));
  await expectReceiver(python, "-c", blockOf("python"));
});

test("the secrets are made, and the public key verifies", async () => {
  const hmac = (await runPasted(blockOf("sh", 0))).stdout.trim();
  const [privateKey = "", publicKey = ""] = (await runPasted(blockOf("sh", 1))).stdout.trim().split("\n");
  expect(endpointProblems(endpointAt(443, hmac, privateKey))).toEqual([]);

  vi.stubEnv("REKEY_WEBHOOK_KEY", publicKey);
  const { isFromRekey } = (await import(`data:text/javascript,${encodeURIComponent(blockOf("js", 1))}`)) as {
    isFromRekey(body: Buffer, headers: object): boolean;
  };
  vi.unstubAllEnvs();
  const body = Buffer.from("{}");
  const headers = signWebhook({ id: "1", at: Date.now(), body }, [hmac, privateKey]);
  expect(isFromRekey(body, headers)).toBe(true);
  expect(isFromRekey(Buffer.from("[]"), headers)).toBe(false);
  expect(isFromRekey(body, signWebhook({ id: "1", at: Date.now() - 600_000, body }, [privateKey]))).toBe(false);
});

test("the examples of events are as the schema says, one of each type", () => {
  const examples = blocksOf("json").map((text) => eventSchema.parse(JSON.parse(text)));
  const types = eventSchema.options.map(({ shape }) => shape.type.value);
  expect(examples.map(({ type }) => type)).toEqual(types);
  for (const type of types) expect(guide).toContain(`**\`${type}\`**`);
});

/** It says what it got, and refuses what another secret has signed. */
async function expectReceiver(program: string, ...args: string[]): Promise<void> {
  const port = await freePort();
  const secret = hmacSecret();
  const env = { ...process.env, PORT: String(port), REKEY_WEBHOOK_SECRET: secret };
  receiver = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  if (receiver.stdout === null) throw new Error("the receiver was started without an output");
  const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("listening");

  webhooks.configure(endpointAt(port, secret));
  const event = sampleEvents(webhooks.clock.now())["password.changed"];
  const [delivery] = await webhooks.announce(event);
  expect(await webhooks.attempt(delivery)).toMatchObject({ kind: "delivered" });
  expect((await lines.next()).value).toBe("password.changed user-1");

  webhooks.configure(endpointAt(port, hmacSecret()));
  expect(await webhooks.attempt(delivery)).toMatchObject({ kind: "retry", problem: "the endpoint answered 400" });
}

function endpointAt(port: number, ...secrets: [string, ...string[]]): WebhookEndpoint {
  const url = `http://127.0.0.1:${port}/`;
  return { id: "app", url, events: "all", secrets, receivesCodes: false, allowPrivate: true };
}

function blocksOf(language: string): string[] {
  return [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);
}

function blockOf(language: string, at = 0): string {
  const block = blocksOf(language)[at];
  if (block === undefined) throw new Error(`the guide has no block of ${language} at ${at}`);
  return block;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
