// How is a Lua script loaded and run? From its file, by its digest, in one round trip.

import { hash } from "node:crypto";
import { readFileSync } from "node:fs";

import { redisOutage, type RedisConnection } from "./connection.ts";

export type Script = { readonly source: string; readonly sha1: string };

/** A Buffer is sent as it is: a digest stays 16 bytes. */
export type ScriptArgument = string | number | Buffer;

/** Reads a script once, at start. A line `-- @include fragment.lua` stands for that file, the first time it is named. */
export function loadScript(file: URL): Script {
  const source = assemble(file, new Set());
  return { source, sha1: hash("sha1", source) };
}

function assemble(file: URL, included: Set<string>): string {
  if (included.has(file.href)) return "";
  included.add(file.href);
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.map((line) => includedText(line, file, included) ?? line).join("\n");
}

function includedText(line: string, file: URL, included: Set<string>): string | undefined {
  const fragment = /^-- @include (\S+)$/.exec(line)?.[1];
  return fragment === undefined ? undefined : assemble(new URL(fragment, file), included);
}

/**
 * Runs a script. Redis knows it by its digest; only after a restart, a fail-over or SCRIPT FLUSH is the text sent, once.
 * Whatever else fails is an Outage.
 */
export function runScript(
  { client, gather, send }: RedisConnection,
  script: Script,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  gather();
  return send("evalsha", [script.sha1, keys.length, ...keys, ...args]).catch(async (cause: unknown) => {
    if (!isUnknownScript(cause)) throw redisOutage(cause);
    try {
      return await client.eval(script.source, keys.length, ...keys, ...args);
    } catch (again) {
      throw redisOutage(again);
    }
  });
}

/** A script that is not known has not run: sending it again counts nothing twice. */
function isUnknownScript(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith("NOSCRIPT");
}
