// How is a provider's HTTP API called? Once, in bounded time, without following it anywhere else.

import { hour, second, type Milliseconds } from "../../units.ts";

export type ApiCall = {
  readonly url: URL;
  readonly method: "POST" | "PUT";
  readonly headers: Headers;
  readonly body: string;
  readonly timeoutMs: Milliseconds;
};

export type ApiAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly text: string; readonly retryAfterMs?: Milliseconds }
  /** Nobody knows whether the call arrived. `problem` names the kind of trouble only. */
  | { readonly kind: "unanswered"; readonly problem: string };

/** In bytes. Answers of APIs are a few hundred; nothing behind this is read. */
const longestAnswer = 64 * 1024;
/** No provider makes us wait longer before we ask again. */
const longestRetryAfter: Milliseconds = hour;

/** A redirect is an answer like any other: it is not followed. Guard: ASVS 5.0 15.3.2. */
export async function callApi(call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
  const { url, method, headers, body, timeoutMs } = call;
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(url, { method, headers, body, redirect: "manual", signal: bounded });
    const text = await readStart(response.body);
    const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"));
    return { kind: "answered", status: response.status, text, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  } catch (error) {
    return { kind: "unanswered", problem: `no answer (${troubleOf(error)})` };
  }
}

/** Throws where an address would carry codes in clear. Guard: ASVS 5.0 12.2.1; http to this machine is for tests. */
export function apiUrl(text: string): URL {
  const url = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback)) return url;
  throw new TypeError("the address of an API starts with https://");
}

async function readStart(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= longestAnswer) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, longestAnswer);
}

/** In seconds; a date is left aside, because the two clocks may differ. Spec: RFC 9110 §10.2.3. */
function parseRetryAfter(value: string | null): Milliseconds | undefined {
  if (value === null || !/^[0-9]{1,9}$/.test(value)) return undefined;
  return Math.min(Number(value) * second, longestRetryAfter);
}

/** A code such as ECONNREFUSED, or the error's name: texts of errors may repeat what was sent. */
function troubleOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return error instanceof Error || error instanceof DOMException ? error.name : "unknown";
}
