// What does a provider answer? Asked once, in bounded time, for a bounded answer, and without following it elsewhere.

import type { Milliseconds } from "../../units.ts";
import type { CaptchaRequest } from "./captcha-protocol.ts";

export type ProviderAnswer =
  | { readonly kind: "answered"; readonly json: unknown }
  /** It refuses the request itself, which may be because of what a stranger put into it. */
  | { readonly kind: "rejected"; readonly problem: string }
  | { readonly kind: "unanswered"; readonly problem: string };

/** In bytes. Answers are a few hundred; a longer one is none. */
const longestAnswer = 16 * 1024;

/** Guard: ASVS 5.0 1.3.6, 12.3.2, 15.3.2. */
export async function askProvider(
  verifyUrl: string,
  { method, fields }: CaptchaRequest,
  timeoutMs: Milliseconds,
): Promise<ProviderAnswer> {
  const url = new URL(verifyUrl);
  const form = new URLSearchParams(fields);
  if (method === "GET") url.search = form.toString();
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: "application/json" },
      ...(method === "POST" && { body: form }),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return readAnswer(response.status, await readWhole(response.body));
  } catch (error) {
    return { kind: "unanswered", problem: `it did not answer (${troubleOf(error)})` };
  }
}

function readAnswer(status: number, text: string | undefined): ProviderAnswer {
  const problem = `it answered ${status}`;
  if (status === 408 || status === 429 || status >= 500 || (status >= 300 && status < 400)) {
    return { kind: "unanswered", problem };
  }
  const json = text === undefined ? undefined : parse(text);
  if (json !== undefined) return { kind: "answered", json };
  return status >= 400 ? { kind: "rejected", problem } : { kind: "unanswered", problem: `${problem} without JSON` };
}

/** Undefined when it is too long. */
async function readWhole(body: ReadableStream<Uint8Array> | null): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > longestAnswer) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A code such as ECONNREFUSED, or the error's name: texts of errors may repeat what was sent. */
function troubleOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return error instanceof Error || error instanceof DOMException ? error.name : "unknown";
}
