// What is a scene? One more question about the product, asked in rounds: rows by name, with a value for each column.

import type { LoadProcess } from "../load-process.ts";
import type { Pinning } from "../pinning.ts";
import type { ProductHome } from "../product-home.ts";
import type { RedisWatch } from "../redis-figures.ts";

export type SceneBench = {
  readonly pinning: Pinning;
  readonly load: LoadProcess;
  readonly redis: RedisWatch;
  /** Production settings with codes in Redis. */
  readonly home: ProductHome;
  /** A directory of its own, for what a scene needs besides. */
  readonly directory: string;
  readonly redisUrl: string;
  /** As `npm start` has it: Node's options and the program. */
  readonly nodeOptions: readonly string[];
  readonly program: string;
};

export type Rows = Readonly<Record<string, readonly number[]>>;

export type Scene = {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly digits: number }[];
  /** One round. Throws when a call failed: figures of failed calls are worth nothing. */
  readonly round: (bench: SceneBench) => Promise<Rows>;
  /** Ends what its rounds share. */
  readonly close?: () => Promise<void>;
};

/** What the load saw, once it is sure that every call was answered as it should be. */
export function sound<T extends { readonly failures: readonly string[] }>(report: T): T {
  if (report.failures.length > 0) throw new Error(`calls failed: ${report.failures.join(", ")}`);
  return report;
}
