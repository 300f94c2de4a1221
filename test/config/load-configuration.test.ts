import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { defaultProofOfWork } from "../../src/bot-check/bot-check-settings.ts";
import { defaultShapes } from "../../src/codes/code.ts";
import type { Configuration } from "../../src/config/configuration.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { formatProblems } from "../../src/config/problem.ts";
import { productionLimits } from "../../src/throttle/limits.ts";
import { hour, minute } from "../../src/units.ts";

const fixtures = readdirSync(import.meta.dirname);
const pathOf = (name: string): string => join("test/config", name);
const readRealFile = (path: string): string => readFileSync(path, "utf8");

function load(environment: Record<string, string>, readFile = readRealFile) {
  return loadConfiguration({ environment, readFile });
}

function valid(environment: Record<string, string>, readFile = readRealFile): Configuration {
  const loaded = load(environment, readFile);
  if (loaded.kind === "invalid") throw new Error(formatProblems(loaded.problems));
  return loaded.configuration;
}

function problemsOf(environment: Record<string, string>, readFile = readRealFile) {
  const loaded = load(environment, readFile);
  return loaded.kind === "invalid" ? loaded.problems : [];
}

const inFile = (name: string): Record<string, string> => ({ REKEY_CONFIG_FILE: pathOf(name) });

/** A configuration file that exists in the test only. */
const written = (text: string) => (path: string) => (path === "written.yaml" ? text : readRealFile(path));

describe("a broken configuration does not start, and all its problems are told at once", () => {
  const broken = fixtures.filter((name) => /^broken-.*\.yaml$/.test(name));

  test.each(broken)("%s", (name) => {
    const expected = readFileSync(pathOf(name.replace(/\.yaml$/, ".problems.txt")), "utf8");
    expect(expected).not.toBe("");
    expect(formatProblems(problemsOf(inFile(name)))).toBe(expected);
  });

  // Guard: ASVS 5.0 16.2.5
  test.each(broken)("%s: no value is quoted, it may be a secret", (name) => {
    const told = formatProblems(problemsOf(inFile(name)));
    for (const secret of ["the text of a secret", "mfWCAL7g", "zTTon3KU", "I0DOWsRD", "c2hvcnQ"]) {
      expect(told).not.toContain(secret);
    }
  });

  test("each fixture with problems has its configuration", () => {
    const texts = fixtures.filter((name) => name.endsWith(".problems.txt"));
    expect(texts.map((name) => name.replace(".problems.txt", ".yaml"))).toEqual(broken);
  });
});

describe("a working configuration comes out whole", () => {
  test.each(fixtures.filter((name) => name.startsWith("working-")))("%s", (name) => {
    expect(valid(inFile(name)).realms.map(({ id }) => id)).toEqual(["acme"]);
  });

  test("what is set is what is used", () => {
    const { keys, realms, ...rest } = valid(inFile("working-production.yaml"));
    expect(rest).toEqual({
      mode: "production",
      dataDir: "/var/lib/rekey",
      listen: { host: "::", port: 8443, trustedHops: 2, fastPath: false },
      metrics: { host: "::1", port: 9100 },
      tls: { keyFile: "test/fixtures/tls/key.pem", certificateFile: "test/fixtures/tls/certificate.pem" },
      redis: { url: "rediss-cluster://rekey:password@redis-1.internal:6379,redis-2.internal:6379" },
      cors: { allowedOrigins: ["https://app.example.com", "http://localhost:3000"] },
      reflection: true,
      passwordHashing: { memoryKib: 47104, passes: 1, lanes: 2, threads: 3, waiting: 7 },
      limits: { start_recovery: { max: 900, windowMs: 30_000 } },
      delivery: {
        smtp: [
          {
            name: "first",
            host: "mail.acme.example",
            port: 465,
            security: "tls",
            caFile: "test/fixtures/tls/certificate.pem",
            auth: { user: "rekey", password: "a mail password" },
            dkim: { domain: "acme.example", selector: "rekey", keyFile: "test/fixtures/tls/key.pem" },
          },
        ],
        sms: [
          {
            kind: "twilio",
            name: "twilio",
            accountSid: "AC0123456789abcdef0123456789abcdef",
            credentials: { user: "SK0123456789abcdef0123456789abcdef", password: "a secret of Twilio" },
            sender: { messagingServiceSid: "MG0123456789abcdef0123456789abcdef" },
            baseUrl: "https://api.twilio.com",
          },
          {
            kind: "http",
            name: "other",
            url: "https://sms.example/send",
            method: "PUT",
            headers: { Authorization: "Bearer a token" },
            body: { encoding: "form", fields: { number: "{to}", message: "{text}" } },
          },
        ],
        templatesDir: "/etc/rekey/templates",
        concurrency: 3,
        waiting: 100,
        attemptTimeoutMs: 5000,
      },
      log: { level: "warn" },
      shutdownGraceMs: 90_000,
    });
    expect(keys?.codes.map(({ id, secret }) => [id, secret.length])).toEqual([
      [2, 32],
      [1, 37],
    ]);
    expect(realms).toEqual([
      {
        id: "acme",
        defaultLanguage: "de-AT",
        organizations: ["acme-eu", "acme-us"],
        shapes: {
          code: {
            secretKind: "code",
            length: 10,
            lifetimeMs: 5 * minute,
            maxTries: 3,
            alphabet: "0123456789",
            lenient: false,
          },
          link: { ...defaultShapes.link, lifetimeMs: 24 * hour },
          zitadel: defaultShapes.zitadel,
          keygen: defaultShapes.keygen,
          loginradius_token: defaultShapes.loginradius_token,
          loginradius_code: defaultShapes.loginradius_code,
        },
        limits: {
          ...productionLimits,
          return_code: { account: { max: 3, windowMs: 10 * minute }, caller: productionLimits.return_code.caller },
          present_code: { ...productionLimits.present_code, account: { max: 100, windowMs: hour } },
          guess_code: {},
          prepare_recovery: { address: productionLimits.prepare_recovery.address },
          start_recovery: {
            identifier: { max: 2, windowMs: hour },
            address: productionLimits.start_recovery.address,
          },
          start_recovery_without_script: { realm: productionLimits.start_recovery_without_script.realm },
        },
        recovery: {
          hosts: ["accounts.example.com", "localhost"],
          publicKeys: ["pk_acme-stands-in-pages"],
          link: "https://app.example.com/recover?n={{.RequestNumber}}#token={{.Token}}",
          returnOrigins: ["https://shop.example.com"],
          veto: { link: "https://accounts.example.com/not-me#{{.Token}}", blockMs: 12 * hour },
        },
        page: {
          name: "Acme",
          contact: "help@acme.example",
          logoFile: "/etc/rekey/acme.svg",
          colours: { accent: "#1f4fd8", accentDark: "#9db4ff" },
          texts: { de: { "identify.title": "Passwort weg?" } },
        },
        keygen: {
          accountId: "5d3a1c1e-9f0b-4c55-8a1c-2b0f6f6d7a10",
          slug: "acme",
          hosts: ["licenses.example.com"],
          signingKey: Buffer.from("4f1c9a7e63b20d58e1aa34f09b7c6d2588e0417f5b9c3ad6021e7f4488ab90cd", "hex"),
          page: "https://app.example.com/portal/{{.Token}}",
          answerStatus: 204,
        },
        passwordPolicy: {
          minLength: 8,
          maxLength: 64,
          requireLowercase: true,
          requireUppercase: true,
          requireDigit: true,
          requireSymbol: true,
          refuseCommon: false,
          contextWords: ["acme"],
        },
        links: {
          page: "https://app.example.com/reset?user={{.UserID}}&code={{.Code}}",
          hosts: ["app.example.com", "admin.example.com:8443", "localhost", "accounts.example.com", "www.example.com"],
        },
        loginRadius: {
          key: "0b5cd1f4-8a06-4f8a-a1bb-2e4f1ac9d001",
          secrets: ["6f1f2a0c-5a1b-4d0e-9a51-3c4e7d2b9f10", "0e8f1a0c-5a1b-4d0e-9a51-3c4e7d2b9f22"],
          resetUrl: "https://www.example.com/reset-password",
          mailBrings: "code",
          captcha: "recaptcha_v3",
          unknownUser: "tell",
        },
        switchedOff: new Set(["native", "zitadel"]),
        notices: false,
        endSessions: false,
        sender: {
          from: { name: "Acme Accounts", address: "no-reply@acme.example" },
          brandName: "Acme",
          contact: "help@acme.example",
          smsPrefixes: ["+49", "+1"],
        },
        webhooks: [
          {
            id: "app",
            url: "https://hooks.acme.example/rekey",
            events: ["password.reset.requested", "password.changed"],
            secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            receivesCodes: true,
            allowPrivate: true,
          },
          {
            id: "licensing",
            url: "https://hooks.acme.example/keygen",
            format: "keygen",
            events: "all",
            secrets: [],
            receivesCodes: true,
            allowPrivate: false,
          },
        ],
        botCheck: {
          proofOfWork: {
            mode: "always",
            basePrice: 100,
            maxPrice: 400,
            calm: { address: 5, realm: 50 },
            windowMs: minute,
          },
          captcha: {
            provider: "recaptcha_v3",
            siteKey: "the-site-key",
            secret: "the-secret-of-the-captcha",
            verifyUrl: "https://www.recaptcha.net/recaptcha/api/siteverify",
            hostnames: ["app.example.com"],
            minScore: 0.7,
            action: "recover",
            timeoutMs: 2000,
            whenUnavailable: "proof_of_work",
          },
        },
        apiKeys: [
          {
            id: "backend",
            // The fixture has it in hexadecimal.
            digest: "XU9sbirTofikocbwpvHZpbfjwtHw6djHtqWUg3JhUEk",
            permissions: new Set(["password.send_link", "password.set_with_code"]),
          },
          {
            id: "admin",
            digest: "LPItUWKhAOGRxrlO9UqD80wuDJxNus70PVKR1xMflIU",
            permissions: new Set(["password.set", "users.read", "users.write"]),
          },
        ],
      },
    ]);
  });

  test("what is not set has its default: the tables of the doors", () => {
    const { realms, passwordHashing, reflection, mode } = valid(inFile("working-smallest.yaml"));
    expect({ mode, reflection }).toEqual({ mode: "production", reflection: false });
    expect(passwordHashing).toEqual({ memoryKib: 19456, passes: 2, lanes: 1, waiting: 100 });
    expect(realms).toEqual([
      {
        id: "acme",
        defaultLanguage: "en",
        organizations: ["acme"],
        shapes: defaultShapes,
        limits: productionLimits,
        links: { hosts: [] },
        notices: true,
        endSessions: true,
        sender: { from: { name: "", address: "" }, brandName: "", contact: "", smsPrefixes: [] },
        webhooks: [],
        botCheck: { proofOfWork: defaultProofOfWork },
        apiKeys: [],
      },
    ]);
  });

  test("the hosted page needs a host name of its own, and no more", () => {
    const text = "mode: demo\nrealms: [{ id: acme, recovery: { enabled: true, hosts: [login.acme.example] } }]";
    const [realm] = valid({ REKEY_CONFIG_FILE: "written.yaml" }, written(text)).realms;
    expect(realm).toMatchObject({
      recovery: { hosts: ["login.acme.example"], link: "https://login.acme.example/recover#token={{.Token}}" },
      links: { hosts: ["login.acme.example"] },
      page: { name: "", contact: "", colours: {}, texts: {} },
    });
  });

  test("without the hosted page, links go where they are told to", () => {
    const link = "https://app.acme.example/r#{{.Token}}";
    const text = `mode: demo
realms:
  - id: acme
    links: { hosts: [app.acme.example] }
    recovery: { enabled: true, page: false, hosts: [login.acme.example], link: "${link}" }`;
    const [realm] = valid({ REKEY_CONFIG_FILE: "written.yaml" }, written(text)).realms;
    expect(realm).toMatchObject({ recovery: { link }, links: { hosts: ["app.acme.example"] } });
    expect(realm).not.toHaveProperty("page");
  });

  test("a policy that is begun is filled up with the default policy", () => {
    const text = "mode: demo\nrealms: [{ id: acme, password_policy: { require_digit: true } }]";
    const [realm] = valid({ REKEY_CONFIG_FILE: "written.yaml" }, written(text)).realms;
    expect(realm?.passwordPolicy).toMatchObject({ minLength: 15, maxLength: 200, requireDigit: true });
  });

  test("without a file Rekey is a demo, with reflection and without keys and realms", () => {
    const { mode, reflection, keys, realms, redis } = valid({});
    expect({ mode, reflection, keys, realms, redis }).toEqual({
      mode: "demo",
      reflection: true,
      keys: undefined,
      realms: [],
      redis: undefined,
    });
  });

  test("production without a file needs keys and realms as well", () => {
    expect(problemsOf({ REKEY_MODE: "production" }).map(({ setting }) => setting)).toEqual(["keys", "realms"]);
  });
});

describe("the environment", () => {
  test("wins over the file, and has every kind of value", () => {
    const configuration = valid({
      ...inFile("working-production.yaml"),
      REKEY_DATA_DIR: "/data",
      REKEY_LISTEN_PORT: "0",
      REKEY_LISTEN_FAST_PATH: "true",
      REKEY_REFLECTION: "false",
      REKEY_SHUTDOWN_GRACE: "2s",
      REKEY_LOG_LEVEL: "debug",
      REKEY_REDIS_URL: "redis://localhost:6379",
      REKEY_PASSWORD_HASHING_THREADS: "2",
      REKEY_KEYS_NAMES: Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)).toString("base64"),
    });
    expect(configuration).toMatchObject({
      dataDir: "/data",
      listen: { host: "::", port: 0, trustedHops: 2, fastPath: true },
      reflection: false,
      shutdownGraceMs: 2000,
      log: { level: "debug" },
      redis: { url: "redis://localhost:6379" },
      passwordHashing: { passes: 1, threads: 2 },
    });
    expect(configuration.keys?.names[31]).toBe(31);
    expect(configuration.keys?.codes).toHaveLength(2);
  });

  test("an empty variable is as good as none", () => {
    expect(valid({ REKEY_CONFIG_FILE: "", REKEY_LISTEN_PORT: "", REKEY_NOTHING: "" }).listen.port).toBe(8080);
  });

  test("a value that cannot be is told with the variable's name", () => {
    const environment = { REKEY_LISTEN_PORT: "80a", REKEY_REFLECTION: "yes", REKEY_LOG_LEVEL: "all" };
    expect(problemsOf(environment)).toEqual([
      { setting: "REKEY_LISTEN_PORT", problem: "It has to be a whole number.", remedy: "Write 0 to 65535." },
      expect.objectContaining({ setting: "REKEY_REFLECTION", problem: "It has to be true or false." }),
      expect.objectContaining({ setting: "REKEY_LOG_LEVEL", remedy: "Write one of debug, info, warn, error." }),
    ]);
  });

  test("an unknown variable is a problem, with a hint at a known one", () => {
    expect(problemsOf({ REKEY_REDIS_URI: "x", REKEY_WEBHOOKS: "x", OTHER_REKEY: "x" })).toEqual([
      { setting: "REKEY_REDIS_URI", problem: "There is no such variable.", remedy: "Did you mean REKEY_REDIS_URL?" },
      {
        setting: "REKEY_WEBHOOKS",
        problem: "There is no such variable.",
        remedy: "Remove it; docs/configuration.md lists all.",
      },
    ]);
  });

  test("what Kubernetes says about a service named rekey is not taken for a setting", () => {
    const links = {
      REKEY_SERVICE_HOST: "10.0.0.1",
      REKEY_SERVICE_PORT: "8080",
      REKEY_SERVICE_PORT_GRPC: "8080",
      REKEY_PORT: "tcp://10.0.0.1:8080",
      REKEY_PORT_8080_TCP: "tcp://10.0.0.1:8080",
      REKEY_PORT_8080_TCP_ADDR: "10.0.0.1",
      REKEY_REDIS_PORT: "tcp://10.0.0.2:6379",
    };
    expect(valid(links).listen.port).toBe(8080);
  });

  test("a file that is not there is a problem of the variable that names it", () => {
    expect(problemsOf({ REKEY_CONFIG_FILE: "not-there.yaml" })).toEqual([
      expect.objectContaining({ setting: "REKEY_CONFIG_FILE", problem: "The file cannot be read (ENOENT)." }),
    ]);
  });
});

describe("secrets from files", () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, byte) => 255 - byte)).toString("base64");
  const readFile = (path: string): string => {
    if (path === "/run/secrets/key") return `${key}\n`;
    if (path === "/run/secrets/url") return "redis://rekey:password@redis:6379\r\n";
    return readRealFile(path);
  };

  test("a file beside the setting, without its line end", () => {
    const text = `
      redis: { url_file: /run/secrets/url }
      keys: { names_file: /run/secrets/key, codes: [{ id: 1, secret_file: /run/secrets/key }] }
      realms: [{ id: acme }]`;
    const { keys, redis } = valid({ REKEY_CONFIG_FILE: "written.yaml" }, (path) =>
      path === "written.yaml" ? text : readFile(path),
    );
    expect(redis?.url).toBe("redis://rekey:password@redis:6379");
    expect([keys?.names[0], keys?.codes[0].secret[31]]).toEqual([255, 224]);
  });

  test("a variable for the file overrides the secret of the configuration file, and the other way round", () => {
    const smallest = inFile("working-smallest.yaml");
    const fromFile = { ...smallest, REKEY_KEYS_NAMES_FILE: "/run/secrets/key" };
    expect(valid(fromFile, readFile).keys?.names[0]).toBe(255);

    const text = "mode: demo\nredis: { url_file: /not/there }";
    const fromVariable = { REKEY_CONFIG_FILE: "written.yaml", REKEY_REDIS_URL: "redis://localhost:6379" };
    expect(valid(fromVariable, written(text)).redis?.url).toBe("redis://localhost:6379");
  });

  test("both variables of one secret are a problem", () => {
    const environment = { REKEY_REDIS_URL: "redis://localhost:6379", REKEY_REDIS_URL_FILE: "/run/secrets/url" };
    expect(problemsOf(environment, readFile)).toEqual([
      { setting: "REKEY_REDIS_URL_FILE", problem: "There is url, too.", remedy: "Keep one of the two." },
    ]);
  });

  test("what is wrong with the content is told with the name of the file's variable", () => {
    const environment = { ...inFile("working-smallest.yaml"), REKEY_KEYS_NAMES_FILE: "/run/secrets/url" };
    expect(problemsOf(environment, readFile)).toEqual([
      expect.objectContaining({
        setting: "REKEY_KEYS_NAMES_FILE",
        remedy: expect.stringContaining("base64") as string,
      }),
    ]);
  });
});

// Guard: ASVS 5.0 15.3.5 to 15.3.7
test("a name that every object has is a name like any other: unknown", () => {
  const text = "mode: demo\nlisten: { __proto__: { port: 1 }, constructor: 1, toString: 2 }";
  const problems = problemsOf({ REKEY_CONFIG_FILE: "written.yaml" }, written(text));
  expect(problems.map(({ setting }) => setting)).toEqual(["listen.__proto__", "listen.constructor", "listen.toString"]);
});

test("an alias that grows without end is refused", () => {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [inner, name] of ["ab", "bc", "cd", "de"].map((pair) => pair.split(""))) {
    lines.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${inner}`).join(", ")}]`);
  }
  const problems = problemsOf({ REKEY_CONFIG_FILE: "written.yaml" }, written(lines.join("\n")));
  expect(problems).toEqual([
    expect.objectContaining({ problem: "It has an alias without an anchor, or far too many." }),
  ]);
});
