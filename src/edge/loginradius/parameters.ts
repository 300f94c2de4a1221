// What did a client say? Names in any casing, empty values unset, unknown names passed over.

import { refused } from "./vendor-error.ts";

export type Parameters = {
  /** The first of these names that has a value. Names in lower case. */
  text(...names: readonly string[]): string | undefined;
  flag(name: string): boolean;
};

/** Vendor: LoginRadius's clients write true, True and 1. */
export function isFlag(text: string | null | undefined): boolean {
  return /^(?:true|1)$/i.test(text ?? "");
}

export const noParameters = parametersOf([]);

export function queryParameters(query: string): Parameters {
  return parametersOf([...new URLSearchParams(query)]);
}

/** A body of POST and PUT alike: one JSON object, or nothing. */
export function bodyParameters(method: string, contentType: string | null, bytes: Uint8Array): Parameters {
  if (contentType !== null && !/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)) throw refused(1083);
  const text = Buffer.from(bytes).toString();
  if (text.trim() === "") return noParameters;
  const document = parse(text);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw refused(method === "PUT" ? 1079 : 958);
  }
  return parametersOf(Object.entries(document).map(([name, value]) => [name, said(value)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refused(1090);
  }
}

/** Groups and lists are no values of ours. */
function said(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function parametersOf(entries: readonly (readonly [string, string])[]): Parameters {
  const values = new Map<string, string>();
  for (const [name, value] of entries) {
    const known = name.toLowerCase();
    if (value !== "" && !values.has(known)) values.set(known, value);
  }
  return {
    text: (...names) => names.map((name) => values.get(name)).find((value) => value !== undefined),
    flag: (name) => isFlag(values.get(name)),
  };
}
