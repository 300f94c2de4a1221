// What does a peer cost that a Node user would pick? better-auth's request-password-reset: users in SQLite, everything else
// in Redis, its own rate limits on and wide, the token handed to a hook that throws it away.
//
// JavaScript, because its packages are here only when this benchmark is wanted.

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { Redis } from "ioredis";

import { userIds } from "../scenario.ts";
import { announce } from "../servers/announce.ts";

const redis = new Redis(process.env.BENCH_REDIS_URL ?? "", { enableAutoPipelining: true });
const database = new DatabaseSync(":memory:");
const wide = { window: 60, max: 1_000_000 };
const auth = betterAuth({
  baseURL: "http://127.0.0.1",
  secret: randomBytes(32).toString("base64"),
  logger: { disabled: true },
  telemetry: { enabled: false },
  database,
  secondaryStorage: {
    get: (key) => redis.get(key),
    set: async (key, value, seconds) => void (await redis.set(key, value, "EX", seconds ?? 3600)),
    delete: async (key) => void (await redis.del(key)),
    increment: async (key, seconds) => {
      const count = await redis.incr(key);
      if (count === 1 && seconds !== undefined) await redis.expire(key, seconds);
      return count;
    },
  },
  rateLimit: { enabled: true, storage: "secondary-storage", ...wide, customRules: { "/request-password-reset": wide } },
  advanced: { ipAddress: { ipAddressHeaders: ["x-forwarded-for"] } },
  emailAndPassword: { enabled: true, sendResetPassword: async () => undefined },
});
await (await getMigrations(auth.options)).runMigrations();
const insert = database.prepare(
  'INSERT INTO "user" (id, name, email, emailVerified, createdAt, updatedAt) VALUES (?, ?, ?, 1, ?, ?)',
);
const now = new Date().toISOString();
database.exec("BEGIN");
for (const id of userIds) insert.run(id, `User ${id}`, `${id}@example.org`, now, now);
database.exec("COMMIT");

const handle = toNodeHandler(auth);
announce(createServer((request, response) => void handle(request, response)));
