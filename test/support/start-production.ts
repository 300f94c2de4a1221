// How does a test get the service as an operator runs it? In production mode, with a configuration file of its own.

import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { onTestFinished } from "vitest";

import { permissions } from "../../src/reset/permission.ts";
import { digestApiKey, makeApiKey } from "../../src/reset/api-key.ts";
import { startRedis } from "./start-redis.ts";
import { startProcess, type StartedProcess } from "./start-process.ts";

export const stores = ["a file", "Redis"] as const;
export type StoreName = (typeof stores)[number];

type Settings = Readonly<Record<string, unknown>>;

export type ProductionSetup = {
  /** A file unless said otherwise. Redis keeps every write on its disk, unless it is forgetful. */
  readonly store?: StoreName;
  readonly isForgetful?: boolean;
  /** The URL of a Redis that the test looks after. */
  readonly redisUrl?: string;
  /** What is started instead of the service, and its arguments. */
  readonly program?: readonly string[];
  readonly mode?: "demo" | "production";
  readonly delivery?: Settings;
  readonly listen?: Settings;
  readonly metrics?: Settings;
  readonly cors?: Settings;
  /** The realm `acme` besides what every realm of a test has. */
  readonly acme?: Settings;
  /** Further realms. */
  readonly others?: readonly (Settings & { readonly id: string })[];
};

export type Answer = { readonly status: number; readonly body: Body };
/** What an answer may hold, as far as these tests read it. */
export type Body = {
  readonly messageId?: string;
  readonly deliveryId?: string;
  readonly requestNumber?: string;
  readonly verificationCode?: string;
  readonly user?: { readonly userId: string };
  readonly delivery?: DeliveryBody;
  readonly deliveries?: readonly DeliveryBody[];
  readonly nextPageToken?: string;
  readonly details?: unknown;
};
export type DeliveryBody = Readonly<Record<string, string | number | undefined>>;

export type Production = StartedProcess & {
  readonly dataDir: string;
  readonly redisUrl?: string;
  /** Holds every permission of the realm, `acme` if none is named. */
  keyOf(realmId?: string): string;
  /** One call over REST: "POST /v1/users". */
  call(line: string, body?: object, key?: string): Promise<Answer>;
  /** With a verified address and number, and the first of the good passwords. */
  makeUser(changes?: object, key?: string): Promise<TestUser>;
  /** Kills the process and starts another one on the same data. */
  restart(signal?: NodeJS.Signals): Promise<Production>;
};

export type TestUser = { readonly userId: string; readonly email: string; readonly phone: string };

/** Good enough for production. */
export const goodPasswords = { first: "a first password of length", second: "quite another long password" };

export const linkPage = "https://app.example.com/reset?user={{.UserID}}&code={{.Code}}";

/** Everything is gone when the test is over. */
export async function startProduction(setup: ProductionSetup = {}): Promise<Production> {
  const dataDir = mkdtempSync(join(tmpdir(), "rekey-production-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const redis = setup.store === "Redis" ? await startRedis({ appendonly: setup.isForgetful !== true }) : undefined;
  if (redis !== undefined) onTestFinished(async () => await redis.stop());

  const redisUrl = setup.redisUrl ?? redis?.url;
  const keys = new Map<string, string>();
  const realmOf = (id: string, settings: Settings) => {
    const key = makeApiKey(id);
    keys.set(id, key);
    const { api_keys: further = [], ...rest } = settings as { readonly api_keys?: readonly object[] };
    const all = permissions.filter((permission) => permission !== "inbox.read");
    return {
      id,
      links: { page: linkPage, hosts: ["app.example.com"] },
      limits: unlimited,
      brand: { name: "Acme", contact: "help@acme.example" },
      mail: { from_address: "no-reply@acme.example" },
      sms: { countries: ["+1"] },
      ...rest,
      api_keys: [apiKeySetting(id, key, all), ...further],
    };
  };
  const others = setup.others ?? [];
  const configuration = {
    mode: setup.mode ?? "production",
    data_dir: dataDir,
    listen: { port: 0, ...setup.listen },
    ...(setup.cors && { cors: setup.cors }),
    ...(setup.metrics && { metrics: setup.metrics }),
    shutdown_grace: "1s",
    keys: { names: secret(), codes: [{ id: 1, secret: secret() }] },
    ...(redisUrl === undefined ? {} : { redis: { url: redisUrl } }),
    delivery: setup.delivery ?? {},
    realms: [realmOf("acme", setup.acme ?? {}), ...others.map(({ id, ...settings }) => realmOf(id, settings))],
  };
  const file = join(dataDir, "rekey.json");
  writeFileSync(file, JSON.stringify(configuration));

  async function start(): Promise<Production> {
    const environment = {
      REKEY_CONFIG_FILE: file,
      // The receivers of webhooks have a certificate that nobody else trusts.
      NODE_EXTRA_CA_CERTS: tlsCertificate,
    };
    const started = await startProcess(environment, setup.program);
    onTestFinished(async () => void (await started.stop("SIGKILL")));
    const keyOf = (realmId = "acme") => keys.get(realmId) ?? "";
    const call: Production["call"] = async (line, body, key = keyOf()) => {
      const [method = "", path = ""] = line.split(" ");
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(started.address + path, { method, headers, ...payload });
      return { status: response.status, body: (await response.json()) as Body };
    };
    return {
      ...started,
      dataDir,
      ...(redisUrl === undefined ? {} : { redisUrl }),
      keyOf,
      call,
      async makeUser(changes = {}, key = keyOf()) {
        const userId = randomUUID();
        const email = `${userId}@people.example`;
        // Its end is no error that the test's Twilio knows.
        const phone = `+1415${String(Number.parseInt(userId.slice(0, 7), 16) % 1_000_000).padStart(6, "0")}5550`;
        const user = {
          userId,
          userName: userId,
          displayName: "Ann",
          email: { address: email, verified: true },
          phone: { number: phone, verified: true },
          password: { password: goodPasswords.first },
          ...changes,
        };
        const { status, body } = await call("POST /v1/users", user, key);
        if (status !== 200) throw new Error(JSON.stringify(body));
        return { userId, email, phone };
      },
      async restart(signal = "SIGKILL") {
        await started.stop(signal);
        return await start();
      },
    };
  }
  return await start();
}

export function apiKeySetting(id: string, key: string, allowed: readonly string[]) {
  return { id, digest: `sha256:${digestApiKey(key)}`, permissions: allowed };
}

export const tlsCertificate = new URL("../fixtures/tls/certificate.pem", import.meta.url).pathname;

const off = { account: "off", caller: "off", address: "off" };
const unlimited = { return_code: off, send_message: off, present_code: off };

function secret(): string {
  return randomBytes(32).toString("base64");
}
