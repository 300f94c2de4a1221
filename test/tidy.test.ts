// Is the house in order? Arrows, names, headers and sizes, as ARCHITECTURE.md states them.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const files = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)));
const sources = files.filter((file) => /\.tsx?$/.test(file));
const scripts = files.filter((file) => file.endsWith(".lua"));

/** What each room may import, as prefixes of paths; packages stand by name. The first row that fits a file counts. */
const anyDoor = [
  "src/bot-check/bot-check.ts",
  "src/codes/code-store.ts",
  "src/codes/challenges.ts",
  "src/codes/code.ts",
  "src/throttle/throttle.ts",
  "src/throttle/limits.ts",
  "src/throttle/charges-for.ts",
  "src/throttle/charge-everywhere.ts",
  "src/password/hasher.ts",
  "src/password/policy.ts",
  "src/directory/directory.ts",
  "src/directory/user-search.ts",
  "src/delivery/courier.ts",
  "src/delivery/events.ts",
  "src/delivery/outbox/outbox.ts",
];
const arrows: readonly { readonly files: RegExp; readonly may: readonly string[] }[] = [
  { files: /^src\/main\.ts$/, may: ["src/compose/", "src/config/", "src/demo/", "src/telemetry/", "src/units.ts"] },
  {
    files: /^src\/cli(\.ts|\/)/,
    may: [
      "src/cli/",
      "src/config/",
      "src/demo/",
      "src/delivery/templates/",
      "src/units.ts",
      "gen/",
      "@connectrpc/connect",
      "@bufbuild/protobuf",
    ],
  },
  { files: /^src\/compose\//, may: ["src/", "@connectrpc/connect"] },
  {
    files: /^src\/server\.ts$/,
    may: ["src/edge/http/listener.ts", "src/edge/grpc/health.ts", "src/units.ts", "@connectrpc/connect"],
  },
  { files: /^src\/(units|outage|random-text)\.ts$/, may: [] },
  {
    files: /^src\/config\//,
    may: [
      "src/config/",
      "src/units.ts",
      ...anyDoor,
      "src/reset/permission.ts",
      "src/reset/realm.ts",
      "src/reset/link.ts",
      "src/reset/refusal.ts",
      "src/codes/shape-problems.ts",
      "src/bot-check/bot-check-settings.ts",
      "src/delivery/",
      "src/password/",
      "src/page/texts/",
      "zod",
      "yaml",
    ],
  },
  { files: /^src\/telemetry\//, may: ["src/telemetry/", "src/units.ts", "pino"] },
  {
    files: /^src\/metrics\//,
    may: [
      "src/metrics/",
      "src/units.ts",
      ...anyDoor,
      "src/password/thread-hasher.ts",
      "src/redis/connection.ts",
      "src/edge/http/call-values.ts",
      "src/edge/http/caller-value.ts",
      "src/edge/http/observe-calls.ts",
      "src/reset/perform-recovery.ts",
      "src/reset/refusal.ts",
      "@connectrpc/connect",
      "@prometheus-io/client",
    ],
  },
  { files: /^src\/demo\//, may: ["src/demo/", "src/reset/", "src/units.ts", ...anyDoor] },
  { files: /^src\/page\/(texts\/|settings)/, may: ["src/page/texts/"] },
  {
    files: /^src\/page\//,
    may: [
      "src/page/",
      "gen/rekey/v1/recovery_service_pb.ts",
      "gen/google/rpc/error_details_pb.ts",
      "preact",
      "@connectrpc/connect",
      "@connectrpc/connect-web",
      "@bufbuild/protobuf",
      "altcha-lib",
    ],
  },
  { files: /^src\/redis\//, may: ["src/redis/", "src/units.ts", "src/outage.ts", "ioredis"] },
  { files: /^src\/sqlite\//, may: ["src/sqlite/", "src/units.ts", "src/outage.ts"] },
  {
    files: /^src\/reset\//,
    may: [
      "src/reset/",
      "src/units.ts",
      ...anyDoor,
      "src/delivery/request-number.ts",
      "src/delivery/seal.ts",
      "src/directory/identifier.ts",
      "src/password/hash-formats.ts",
    ],
  },
  {
    files: /^src\/bot-check\//,
    may: [
      "src/bot-check/",
      "src/throttle/throttle.ts",
      "src/throttle/address.ts",
      "src/throttle/charges-for.ts",
      "src/units.ts",
      "src/outage.ts",
      "altcha-lib",
      "cockatiel",
      "zod",
    ],
  },
  {
    files: /^src\/(codes|throttle)\/(redis|open-)/,
    may: ["src/codes/", "src/throttle/", "src/redis/", "src/sqlite/", "src/units.ts", "src/outage.ts"],
  },
  {
    files: /^src\/(codes|throttle)\/embedded\//,
    may: ["src/codes/", "src/throttle/", "src/sqlite/", "src/units.ts", "src/outage.ts"],
  },
  { files: /^src\/codes\//, may: ["src/codes/", "src/throttle/", "src/units.ts", "src/random-text.ts"] },
  { files: /^src\/throttle\//, may: ["src/throttle/", "src/units.ts"] },
  {
    files: /^src\/password\//,
    may: ["src/password/", "src/units.ts", "@node-rs/argon2", "@node-rs/bcrypt", "@zxcvbn-ts/language-common"],
  },
  {
    files: /^src\/directory\/(embedded|open-)/,
    may: ["src/directory/", "src/sqlite/", "src/units.ts", "src/outage.ts"],
  },
  { files: /^src\/directory\//, may: ["src/directory/", "src/units.ts"] },
  {
    files: /^src\/delivery\//,
    may: [
      "src/delivery/",
      "src/units.ts",
      "src/random-text.ts",
      "src/outage.ts",
      "src/redis/",
      "src/sqlite/",
      "bullmq",
      "cockatiel",
      "liquidjs",
      "nodemailer",
      "standardwebhooks",
      "yaml",
      "zod",
    ],
  },
  {
    files: /^src\/edge\/http\//,
    may: [
      "src/edge/http/",
      "src/reset/",
      "src/telemetry/",
      "gen/",
      "src/units.ts",
      "src/outage.ts",
      "@connectrpc/",
      "@bufbuild/",
    ],
  },
  { files: /^src\/edge\/inbox\//, may: ["src/edge/inbox/", "src/edge/http/", "src/delivery/", "src/units.ts"] },
  {
    files: /^src\/edge\/page\//,
    may: [
      "src/edge/page/",
      "src/edge/http/",
      "src/page/settings.ts",
      "src/page/return-address.ts",
      "src/page/texts/",
      "src/reset/",
      "src/telemetry/",
      "src/units.ts",
      "src/outage.ts",
      "src/password/policy.ts",
      "src/delivery/templates/find-language.ts",
    ],
  },
  {
    files: /^src\/edge\/rest\//,
    may: ["src/edge/rest/", "src/edge/http/", "gen/", "src/units.ts", "@connectrpc/", "@bufbuild/"],
  },
  {
    files: /^src\/edge\/grpc\//,
    may: ["src/edge/grpc/", "src/edge/http/", "gen/", "src/units.ts", "@connectrpc/", "@bufbuild/"],
  },
  {
    files: /^src\/edge\/keygen\//,
    may: [
      "src/edge/keygen/",
      "src/edge/http/",
      "src/reset/",
      "src/telemetry/",
      "src/units.ts",
      "src/password/policy.ts",
      "src/directory/directory.ts",
      "src/delivery/webhook/webhook-form.ts",
    ],
  },
  {
    files: /^src\/edge\/loginradius\//,
    may: [
      "src/edge/loginradius/",
      "src/edge/http/",
      "src/reset/",
      "src/telemetry/",
      "src/units.ts",
      "src/password/policy.ts",
      "src/directory/directory.ts",
      "src/bot-check/bot-check.ts",
      "src/bot-check/bot-check-settings.ts",
      "src/delivery/events.ts",
      "src/delivery/webhook/webhook-form.ts",
      "@connectrpc/connect",
    ],
  },
  ...["native", "zitadel"].map((name) => ({
    files: new RegExp(`^src/edge/${name}/`),
    may: [
      `src/edge/${name}/`,
      "src/edge/http/",
      "src/edge/rest/",
      "src/reset/",
      "src/telemetry/",
      "src/units.ts",
      "src/outage.ts",
      "src/password/policy.ts",
      "src/bot-check/bot-check.ts",
      "src/directory/directory.ts",
      "src/directory/user-search.ts",
      "src/delivery/outbox/outbox.ts",
      "gen/",
      "@connectrpc/",
      "@bufbuild/",
    ],
  })),
];

describe("arrows", () => {
  it.each(sources)("%s imports only what its room may", (file) => {
    const room = arrows.find((arrow) => arrow.files.test(file));
    expect(room, "the room has no row here and in ARCHITECTURE.md").toBeDefined();
    const foreign = importsOf(file).filter(
      (target) => !target.startsWith("node:") && !room?.may.some((allowed) => target.startsWith(allowed)),
    );
    expect(foreign).toEqual([]);
  });

  it("no rule names a transport or a driver of Node", () => {
    const transports = new Set(["node:http", "node:http2", "node:net", "node:tls", "node:sqlite"]);
    const found = sources
      .filter((file) => file.startsWith("src/reset/"))
      .flatMap((file) => importsOf(file).filter((target) => transports.has(target)));
    expect(found).toEqual([]);
  });

  it("no rule names a vendor", () => {
    const found = sources
      .filter((file) => file.startsWith("src/reset/"))
      .filter((file) => /zitadel|loginradius|keygen/i.test(read(file)));
    expect(found).toEqual([]);
  });

  it("a driver is loaded only by the opener that needs it", () => {
    const loaders = sources.filter((file) =>
      /from "(ioredis|node:sqlite)"/.test(read(file).replaceAll(/import type .*/g, "")),
    );
    expect(loaders.filter((file) => !/^src\/(redis|sqlite)\//.test(file))).toEqual([]);
  });
});

describe("names", () => {
  it.each(files)("%s is called after what it holds", (file) => {
    const name = (file.split("/").at(-1) ?? "").replace(/\.[a-z.]+$/, "");
    if (file.endsWith("README.md")) return;
    expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(name).not.toMatch(/^(util|utils|helper|helpers|common|types|index|misc|shared|base)$/);
  });

  it("every room is on the map", () => {
    const map = read("ARCHITECTURE.md");
    const rooms = new Set(sources.filter((file) => file.split("/").length > 2).map((file) => file.split("/")[1]));
    expect([...rooms].filter((room) => !map.includes(`src/${room}/`))).toEqual([]);
  });
});

describe("files", () => {
  it.each(sources)("%s opens with the question that it answers", (file) => {
    expect(read(file)).toMatch(/^\/\/ .*(\?|\n\/\/ [^\n]*\?)/);
  });

  it.each([...sources, ...scripts])("%s has at most 250 lines", (file) => {
    expect(read(file).split("\n").length).toBeLessThanOrEqual(251);
  });

  it.each(scripts)("%s says what it decides, on which keys, and what it returns", (file) => {
    const text = read(file);
    // A fragment holds functions for the scripts that include it.
    if (text.startsWith("-- Fragment: ")) {
      expect(scripts.filter((other) => includesOf(other).includes(file))).not.toEqual([]);
      return;
    }
    expect(scripts.filter((other) => includesOf(other).includes(file))).toEqual([]);
    for (const part of ["-- KEYS", "-- ARGV", "-- Returns", "-- One script"]) expect(text).toContain(part);
  });

  it("nothing is skipped, narrowed or put off", () => {
    const tests = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const all = [...sources, ...tests.map((file) => join("test", file))].filter((file) => file !== "test/tidy.test.ts");
    const marks = /\b(it|test|describe)\.(skip|only|todo|skipIf|runIf)\b|@ts-(ignore|nocheck)|TODO|FIXME/;
    expect(all.filter((file) => marks.test(read(file)))).toEqual([]);
  });

  it("no file is dead: each is imported, loaded or started by another", () => {
    const alive = new Set(sources.flatMap(importsOf));
    const loaded = files.map(read).join("\n");
    const dead = [...sources, ...scripts].filter((file) => {
      const name = file.split("/").at(-1) ?? "";
      return (
        !["src/main.ts", "src/cli.ts", "src/page/recover.tsx"].includes(file) &&
        !alive.has(file) &&
        !loaded.includes(`./${name}`) &&
        !loaded.includes(`/${name}`)
      );
    });
    expect(dead.filter((file) => !loaded.includes(`"${file.split("/").at(-1)}"`))).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** What a file imports: paths from the root, or names of packages. */
function importsOf(file: string): string[] {
  const text = read(file);
  const imports = text.matchAll(/^(?:import|export) (?:[^"';]*? from )?"([^"]+)";|import\("([^"]+)"\)/gm);
  const targets = [...imports].map((match) => match[1] ?? match[2] ?? "");
  return targets.map((target) => (target.startsWith(".") ? normalize(join(dirname(file), target)) : target));
}

function includesOf(file: string): string[] {
  return [...read(file).matchAll(/@include (\S+)/g)].map((match) => normalize(join(dirname(file), match[1] ?? "")));
}
