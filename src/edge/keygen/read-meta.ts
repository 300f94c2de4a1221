// What does a request's body say? A strict JSON:API document with nothing but `meta`, and the one thing that is wrong with it.

import type { JsonError } from "./json-error.ts";

/** What `meta` may hold, in the order in which it is judged. */
export type MetaRules = Readonly<Record<string, MetaRule>>;
type MetaRule =
  | { readonly type: "string"; readonly required: true }
  | { readonly type: "boolean"; readonly required: false };

export type Meta<Rules extends MetaRules> = {
  readonly [Name in keyof Rules]: Rules[Name]["type"] extends "string" ? string : boolean | undefined;
};

export type ReadDocument = { readonly document: unknown } | { readonly error: JsonError };
export type ReadMeta<Rules extends MetaRules> = { readonly meta: Meta<Rules> } | { readonly error: JsonError };

type Fields = ReadonlyMap<string, unknown>;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** No body at all is an empty document. */
export function readDocument(bytes: Uint8Array): ReadDocument {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { error: { status: 400, detail: "The body is not UTF-8", code: "ENCODING_INVALID" } };
  }
  if (text.includes("\0")) return { error: { status: 400, detail: "The body holds NUL", code: "ENCODING_INVALID" } };
  try {
    return { document: text.trim() === "" ? {} : (JSON.parse(text) as unknown) };
  } catch {
    return { error: { status: 400, detail: "The body is not JSON", code: "JSON_INVALID" } };
  }
}

/** Vendor: Keygen, keys in any usual spelling; unknown ones are told first, then the rest in order, one error in all. */
export function readMeta<Rules extends MetaRules>(document: unknown, rules: Rules): ReadMeta<Rules> {
  const error = problemOf(document, rules);
  if (error !== undefined) return { error };
  const fields = fieldsOf(fieldsOf(document).get("meta"));
  const values = Object.keys(rules).map((name) => [name, fields.get(name) ?? undefined]);
  return { meta: Object.fromEntries(values) as Meta<Rules> };
}

function problemOf(document: unknown, rules: MetaRules): JsonError | undefined {
  if (typeOf(document) !== "object") return bad("unpermitted parameter", "/data");
  const fields = fieldsOf(document);
  const meta = fields.get("meta");
  const unknown =
    [...fields.keys()].filter((name) => name !== "meta").map((name) => `/${name}`)[0] ??
    [...fieldsOf(meta).keys()].filter((name) => !Object.hasOwn(rules, name)).map((name) => `/meta/${name}`)[0];
  if (unknown !== undefined) return bad("unpermitted parameter", unknown);
  const wrongMeta = problemOfValue(meta, "/meta", { type: "object", required: true });
  if (wrongMeta !== undefined) return wrongMeta;
  for (const [name, rule] of Object.entries(rules)) {
    const wrong = problemOfValue(fieldsOf(meta).get(name), `/meta/${name}`, rule);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function problemOfValue(
  value: unknown,
  pointer: string,
  { type, required }: { readonly type: string; readonly required: boolean },
): JsonError | undefined {
  if (value === undefined || value === null) {
    if (!required) return undefined;
    return bad(value === null ? "cannot be null" : "is missing", pointer);
  }
  if (typeOf(value) !== type) return bad(`type mismatch (received ${typeOf(value)} expected ${type})`, pointer);
  return typeof value === "string" && value.trim() === "" ? bad("cannot be blank", pointer) : undefined;
}

function bad(detail: string, pointer: string): JsonError {
  return { status: 400, detail, source: { pointer } };
}

/** The vendor's names of types. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" ? (Number.isInteger(value) ? "integer" : "float") : typeof value;
}

/** The members of an object by their names in camel case; none of anything else. */
function fieldsOf(value: unknown): Fields {
  if (typeOf(value) !== "object") return new Map();
  return new Map(Object.entries(value as object).map(([name, member]) => [inCamelCase(name), member as unknown]));
}

/** "Meta", "password_reset_token" and "new-password" are what they look like. */
function inCamelCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[-_]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
