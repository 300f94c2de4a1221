// Which settings are there? The schema of the whole configuration: the one source of validation, of the reference in
// docs/configuration.md and of the JSON Schema for editors.

import { z } from "zod";

import { argon2Problems, defaultArgon2 } from "../password/argon2-settings.ts";
import { minute, second } from "../units.ts";
import type { LogLevel, Mode } from "./configuration.ts";
import { deliverySchema } from "./delivery-schema.ts";
import { custom, duration, origin, secretKey } from "./forms.ts";
import { limitEverywhereSchema } from "./limit-schema.ts";
import {
  noSharedAccount,
  noSharedApiKey,
  noSharedHost,
  noSharedLoginRadiusKey,
  noSharedPublicKey,
  noTwice,
} from "./no-twice.ts";
import { modeProblems } from "./mode-problems.ts";
import { realmSchema } from "./realm-schema.ts";
import { samePort } from "./same-port.ts";

const modes = ["demo", "production"] as const satisfies readonly Mode[];
const logLevels = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];

const listen = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default("127.0.0.1")
      .meta({ description: "The address to listen on; `0.0.0.0` or `::` for every one that the machine has." }),
    port: z.int().min(0).max(65_535).default(8080).meta({ description: "The port; 0 for any that is free." }),
    trusted_hops: z
      .int()
      .min(0)
      .max(10)
      .default(0)
      .meta({
        description:
          "How many proxies of yours stand in front. Each appends the address it saw to `X-Forwarded-For`; limits by " +
          "address count the one that many from the right. 0 reads no header.",
      }),
    fast_path: z.boolean().default(true).meta({
      description:
        "Whether plain unary gRPC, gRPC-Web and Connect calls take the short way. Their answers are the same either way.",
    }),
  })
  .prefault({})
  .meta({ description: "Where Rekey listens, for every protocol." });

const metrics = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default("127.0.0.1")
      .meta({ description: "The address to listen on. Whoever reaches it may read them: no key is asked for." }),
    port: z.int().min(0).max(65_535).default(9464).meta({ description: "The port; 0 for any that is free." }),
  })
  .optional()
  .meta({
    description:
      "Metrics for Prometheus, `GET /metrics` on a port of their own, see docs/metrics.md. Left out: nothing is counted.",
  });

const tls = z
  .strictObject({
    key_file: z.string().min(1).meta({ description: "The file of the private key (PEM)." }),
    certificate_file: z.string().min(1).meta({ description: "The file of the certificate and its chain (PEM)." }),
  })
  .optional()
  .meta({ description: "Encryption by Rekey itself. Left out: clear text, for a proxy in front that encrypts." });

const redis = z
  .strictObject({
    url: z
      .string()
      .regex(/^rediss?(-cluster)?:\/\/(\S*@)?[^\s@/?#]+(\/\d*)?$/)
      .meta({
        description: "The server. It may hold a user name and a password, so it counts as a secret.",
        "x-form":
          '"redis://user:password@host:6379/0", with rediss:// for TLS; "redis-cluster://user:password@host:6379,host:6379", ' +
          "with rediss-cluster:// for TLS",
        "x-secret": true,
      }),
  })
  .optional()
  .meta({ description: "Redis or Valkey, for several processes at once. Left out: one file in `data_dir`." });

const codeKey = z.strictObject({
  id: z.int().min(1).max(255).meta({ description: "The key's number, which no other key ever had." }),
  secret: secretKey("The key."),
});

const keys = z
  .strictObject({
    names: secretKey("Hides whom a record is about. Changing it forgets every code and count."),
    codes: z
      .array(codeKey)
      .min(1)
      .check(noTwice("id"))
      .meta({ description: "Hide the codes. The first is for new codes, the others let older codes live on." }),
  })
  .optional()
  .meta({
    description: "Secret keys. Needed in production; in demo mode Rekey makes its own and keeps them in `data_dir`.",
  });

const passwordHashing = z
  .strictObject({
    memory_kib: z.int().default(defaultArgon2.memoryKib).meta({ description: "Memory of one hash.", "x-unit": "KiB" }),
    passes: z.int().default(defaultArgon2.passes).meta({ description: "Passes over that memory." }),
    lanes: z.int().default(defaultArgon2.lanes).meta({ description: "Lanes of one hash." }),
    threads: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: "How many hashes are made at once.", "x-default": "cores − 1, at least 1" }),
    waiting: z
      .int()
      .min(0)
      .max(100_000)
      .default(100)
      .meta({ description: "How many may wait for a thread; one more is told to come again." }),
  })
  .superRefine((written, context) => {
    const settings = { memoryKib: written.memory_kib, passes: written.passes, lanes: written.lanes };
    for (const problem of argon2Problems(settings)) {
      context.addIssue(custom(problem, "Change it, or leave the group out for the default."));
    }
  })
  .prefault({})
  .meta({
    description:
      "What one Argon2id hash costs (RFC 9106), and how many are made at once. At least 46 MiB with one pass, 19 MiB with " +
      "two, 12 MiB with three (ASVS 5.0 11.4.2).",
  });

export const configurationSchema = z
  .strictObject({
    mode: z
      .enum(modes)
      .optional()
      .meta({
        description:
          "`demo` needs nothing: keys, a realm and an API key are made, messages are captured, limits are wide. " +
          "`production` starts only with keys and realms of your own.",
        "x-default": "`production` with a configuration file, `demo` without one",
      }),
    data_dir: z.string().min(1).default("./data").meta({ description: "The directory of what Rekey keeps itself." }),
    listen,
    metrics,
    tls,
    redis,
    keys,
    cors: z
      .strictObject({
        allowed_origins: z
          .array(origin)
          .default([])
          .check(noTwice())
          .meta({ description: "The origins whose pages may call Rekey from a browser." }),
      })
      .prefault({})
      .meta({ description: "Calls from browsers." }),
    reflection: z.boolean().optional().meta({
      description: "Whether gRPC clients may ask which services there are.",
      "x-default": "`true` in demo mode, `false` in production",
    }),
    password_hashing: passwordHashing,
    limits: limitEverywhereSchema,
    delivery: deliverySchema,
    log: z
      .strictObject({
        level: z
          .enum(logLevels)
          .default("info")
          .meta({ description: "The least that is logged. Audit records are written at every level." }),
      })
      .prefault({})
      .meta({ description: "The log: one JSON object a line, on standard output." }),
    shutdown_grace: duration(
      "How long running calls may take to end after a signal.",
      second / 10,
      10 * minute,
    ).prefault("20s"),
    realms: z
      .array(realmSchema)
      .default([])
      .check(noTwice("id"), noSharedApiKey, noSharedHost, noSharedPublicKey, noSharedAccount, noSharedLoginRadiusKey)
      .meta({ description: "Who is served (tenants). Needed in production; in demo mode there is one more, `demo`." }),
  })
  .check(modeProblems, samePort);

/** The settings as they are written, whole and validated. */
export type Settings = z.output<typeof configurationSchema>;
