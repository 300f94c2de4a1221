// Which servers are compared? The product in several ways, the floor that it stands on, and the plainest Connect server.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { sharedKeys, userIds } from "./scenario.ts";
import type { WayName } from "./ways.ts";

export type Subject = {
  readonly letter: string;
  readonly name: string;
  readonly program: string;
  readonly way: WayName;
  readonly store: "redis" | "embedded";
  /** How many counters of others the script charges with each call. Absent: it is not our script, and not counted. */
  readonly charges?: number;
  /** In a measured run, each of another user. */
  readonly calls: number;
  /** Whether it is the whole product: it knows its users, and redeems the codes that it made. */
  readonly isProduct: boolean;
  /** Whether its metrics are off. */
  readonly isUncounted?: boolean;
  /** Whether it is measured unless others are named. Absent: yes. */
  readonly isDefault?: boolean;
};

const everyUser = userIds.length;
const product = {
  program: join(import.meta.dirname, "../src/main.ts"),
  isProduct: true,
  calls: everyUser,
  charges: sharedKeys,
};
const baseline = (file: string) => ({
  program: join(import.meta.dirname, "servers", file),
  isProduct: false,
  calls: everyUser,
  charges: sharedKeys,
});

/** Its packages are apart: `npm ci --prefix bench/better-auth`. */
const peer = {
  program: join(import.meta.dirname, "better-auth/server.js"),
  isProduct: false,
  calls: 3000,
  isDefault: existsSync(join(import.meta.dirname, "better-auth/node_modules")),
};

export const subjects: readonly Subject[] = [
  { letter: "A", name: "Rekey, gRPC, Redis", ...product, way: "grpc", store: "redis" },
  {
    letter: "B",
    name: "bare node:http2, same script, fixed reply",
    ...baseline("bare.ts"),
    way: "grpc",
    store: "redis",
  },
  {
    letter: "C",
    name: "plain connect-node handler, same script",
    ...baseline("connect.ts"),
    way: "grpc",
    store: "redis",
  },
  { letter: "D", name: "Rekey, Connect JSON over HTTP/1.1, Redis", ...product, way: "connect-json", store: "redis" },
  { letter: "E", name: "Rekey, REST over HTTP/1.1, Redis", ...product, way: "rest", store: "redis" },
  { letter: "F", name: "Rekey, gRPC, one file", ...product, way: "grpc", store: "embedded" },
  { letter: "G", name: "@grpc/grpc-js handler, same script", ...baseline("grpc-js.ts"), way: "grpc", store: "redis" },
  {
    letter: "H",
    name: "bare node:http, same script, fixed reply",
    ...baseline("bare-http1.ts"),
    way: "connect-json",
    store: "redis",
  },
  {
    letter: "I",
    name: "Rekey's handler without its protections",
    ...baseline("unprotected.ts"),
    way: "grpc",
    store: "redis",
    charges: 0,
  },
  { letter: "K", name: "Rekey, gRPC-Web over HTTP/1.1, Redis", ...product, way: "grpc-web", store: "redis" },
  {
    letter: "L",
    name: "Rekey, gRPC, Redis, metrics off",
    ...product,
    way: "grpc",
    store: "redis",
    isUncounted: true,
    isDefault: false,
  },
  { letter: "J", name: "better-auth, JSON over HTTP/1.1", ...peer, way: "better-auth", store: "redis" },
];
