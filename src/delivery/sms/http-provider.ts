// How does a text message go out over any other HTTP API? By a request that the configuration describes.

import { second, type Milliseconds } from "../../units.ts";
import type { Provider, TextMessage } from "../provider.ts";
import { apiUrl, callApi } from "./call-api.ts";

/** What a body is written as. Texts may hold `{to}`, `{text}` and `{message_id}`. */
export type BodyTemplate =
  | { readonly encoding: "json"; readonly value: JsonTemplate }
  | { readonly encoding: "form"; readonly fields: Readonly<Record<string, string>> };

export type JsonTemplate =
  | string
  | number
  | boolean
  | null
  | readonly JsonTemplate[]
  | { readonly [name: string]: JsonTemplate };

export type HttpProviderSettings = {
  readonly name: string;
  /** No GET: what stands in an address stands in logs. Guard: ASVS 5.0 14.2.1. */
  readonly method: "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyTemplate;
  readonly timeoutMs?: Milliseconds;
};

type PlaceName = "to" | "text" | "message_id";

const place = /\{([a-z_]+)\}/g;
const placeNames = new Set<string>(["to", "text", "message_id"] satisfies PlaceName[]);
const contentTypes = { json: "application/json", form: "application/x-www-form-urlencoded" } as const;
const defaultTimeoutMs: Milliseconds = 10 * second;

/** Throws where the settings cannot work: an unknown place, an address that is not https, a header that is none. */
export function httpSmsProvider(settings: HttpProviderSettings): Provider<TextMessage> {
  const { name, method, body, timeoutMs = defaultTimeoutMs } = settings;
  const url = apiUrl(settings.url);
  const headers = new Headers(settings.headers);
  headers.set("content-type", contentTypes[body.encoding]);
  // Once for show: an unknown place is found now, not when somebody waits for a code.
  encode(body, { to: "", text: "", message_id: "" });

  return {
    name,
    async send(message, signal) {
      const values = { to: message.to, text: message.text, message_id: message.messageId };
      const answer = await callApi({ url, method, headers, body: encode(body, values), timeoutMs }, signal);
      if (answer.kind === "unanswered") return { kind: "failed", problem: answer.problem };
      if (answer.status >= 200 && answer.status < 300) return { kind: "sent" };
      // What a status says of the number differs from API to API: none of them is taken for the last word.
      const { status, retryAfterMs } = answer;
      return { kind: "failed", problem: `answered ${status}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    },
    async close() {
      // Connections belong to the process and end by themselves.
    },
  };
}

/** Values are put into the parsed template and encoded with it: none of them can end its text or open a field. */
function encode(body: BodyTemplate, values: Readonly<Record<PlaceName, string>>): string {
  if (body.encoding === "json") return JSON.stringify(fillJson(body.value, values));
  const fields = Object.entries(body.fields).map(([key, text]): [string, string] => [key, fill(text, values)]);
  return new URLSearchParams(fields).toString();
}

function fillJson(template: JsonTemplate, values: Readonly<Record<PlaceName, string>>): JsonTemplate {
  if (typeof template === "string") return fill(template, values);
  if (typeof template !== "object" || template === null) return template;
  if (isList(template)) return template.map((each) => fillJson(each, values));
  return Object.fromEntries(Object.entries(template).map(([key, each]) => [key, fillJson(each, values)]));
}

/** In one pass: what a value says is never read as a place. Incident: C17. */
function fill(text: string, values: Readonly<Record<PlaceName, string>>): string {
  return text.replaceAll(place, (_, name: string) => {
    if (!placeNames.has(name)) throw new TypeError(`{${name}} is not known; use {to}, {text} or {message_id}`);
    return values[name as PlaceName];
  });
}

function isList(template: JsonTemplate): template is readonly JsonTemplate[] {
  return Array.isArray(template);
}
