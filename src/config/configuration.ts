// What does the rest of Rekey get to see of the configuration? Plain, whole, read-only data.

import type { Permission } from "../reset/caller.ts";
import type { Realm } from "../reset/realm.ts";
import type { Milliseconds } from "../units.ts";

export type Mode = "demo" | "production";
export type LogLevel = "debug" | "info" | "warn" | "error";

export type Configuration = {
  readonly mode: Mode;
  readonly dataDir: string;
  readonly listen: {
    readonly host: string;
    /** 0: any that is free. */
    readonly port: number;
    /** Proxies in front that append to X-Forwarded-For. */
    readonly trustedHops: number;
  };
  /** Absent: clear text. */
  readonly tls?: { readonly keyFile: string; readonly certificateFile: string };
  /** Absent: the embedded store. */
  readonly redis?: { readonly url: string };
  /** Absent in demo mode only. The first of `codes` is for new codes. */
  readonly keys?: { readonly names: Uint8Array; readonly codes: readonly [CodeKey, ...CodeKey[]] };
  readonly cors: { readonly allowedOrigins: readonly string[] };
  readonly reflection: boolean;
  readonly passwordHashing: {
    readonly memoryKib: number;
    readonly passes: number;
    readonly lanes: number;
    /** Absent: one core is left to the calls. */
    readonly threads?: number;
    readonly waiting: number;
  };
  readonly log: { readonly level: LogLevel };
  readonly shutdownGraceMs: Milliseconds;
  /** Never empty in production. */
  readonly realms: readonly RealmConfiguration[];
};

export type CodeKey = { readonly id: number; readonly secret: Uint8Array };

export type RealmConfiguration = Realm & { readonly apiKeys: readonly ApiKeyConfiguration[] };

export type ApiKeyConfiguration = {
  readonly id: string;
  /** SHA-256 of the key, base64url: what `digestApiKey` answers. */
  readonly digest: string;
  readonly permissions: ReadonlySet<Permission>;
};
