// How is a webhook brought? By one POST, bounded in time and in what is read, to where the endpoint may be.
//
// It follows no redirect, trusts no certificate that is not verified, and its problem texts hold neither the body nor
// the answer. Guard: ASVS 5.0 1.3.6, 12.3.2, 15.3.2.

import { lookup } from "node:dns";
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";

import { minute, second, systemClock, type Clock, type Milliseconds } from "../../units.ts";
import { hostOf } from "./endpoint.ts";
import { isPublicAddress } from "./private-address.ts";
import { anyLookup, privateAddressCode, publicLookup, type Resolve } from "./public-lookup.ts";
import { readRetryAfter } from "./retry-after.ts";

export type WebhookPost = {
  readonly url: string;
  readonly allowPrivate: boolean;
  /** What proves the sender. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type PostOutcome =
  | { readonly kind: "accepted" }
  /** The receiver wants no more, ever. */
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly problem: string; readonly retryAfterMs?: Milliseconds };

export type WebhookPoster = {
  post(webhook: WebhookPost, signal: AbortSignal): Promise<PostOutcome>;
  /** Ends idle connections; to be called when no post is under way. */
  close(): void;
};

/** From the name's resolution to the answer's end. Spec: Standard Webhooks 1.0.0, 15 to 30 s. */
const defaultTimeoutMs: Milliseconds = 20 * second;
/** An answer is read so far and thrown away: enough for its connection to be used again. */
const mostAnswerBytes = 4096;
/** Shorter than servers keep an idle connection, so that a post seldom meets one that is just being closed. */
const idleMs: Milliseconds = 4 * second;
const connections = { keepAlive: true, timeout: idleMs, maxSockets: 8, maxTotalSockets: 64, maxFreeSockets: 16 };

/** They ask for less: even without a Retry-After they get this pause. Spec: Standard Webhooks 1.0.0, delivery success. */
const slowDownStatuses = new Set([429, 502, 503, 504]);
const slowDownMs: Milliseconds = minute;

export function openWebhookPoster(
  options: {
    readonly clock?: Clock;
    readonly timeoutMs?: Milliseconds;
    readonly resolve?: Resolve;
    /** Certificates (PEM) to trust instead of those that Node brings. */
    readonly authorities?: string;
  } = {},
): WebhookPoster {
  const { clock = systemClock, timeoutMs = defaultTimeoutMs, resolve = lookup, authorities } = options;
  // Apart, so that a connection to somewhere inside is never used for an endpoint that has to be outside.
  const outside = openAgents(publicLookup(resolve), authorities);
  const anywhere = openAgents(anyLookup(resolve), authorities);

  function post(webhook: WebhookPost, signal: AbortSignal): Promise<PostOutcome> {
    const url = new URL(webhook.url);
    if (!webhook.allowPrivate && isAddressInside(url)) return Promise.resolve(failed(problems.privateAddress));
    const deadline = AbortSignal.timeout(timeoutMs);
    const { promise, resolve: settle } = Promise.withResolvers<PostOutcome>();
    const request = begin(url, webhook, AbortSignal.any([signal, deadline]));
    request.on("response", (answer) => settle(throwAway(answer).then(() => outcomeOf(answer, clock))));
    request.on("error", (error) => settle(failed(problemOf(error, deadline))));
    // The last word: an answer that changes the protocol ends the connection without an error.
    request.on("close", () => settle(failed(problems.noAnswer)));
    request.end(webhook.body);
    return promise;
  }

  function begin(url: URL, { allowPrivate, headers, body }: WebhookPost, signal: AbortSignal): ClientRequest {
    const agents = allowPrivate ? anywhere : outside;
    const settings = {
      method: "POST",
      signal,
      headers: { ...headers, "content-type": "application/json", "content-length": body.length, "user-agent": "rekey" },
    };
    return url.protocol === "https:"
      ? httpsRequest(url, { ...settings, agent: agents.https })
      : httpRequest(url, { ...settings, agent: agents.http });
  }

  return {
    post,
    close() {
      for (const agents of [outside, anywhere]) {
        agents.http.destroy();
        agents.https.destroy();
      }
    },
  };
}

function openAgents(lookup: LookupFunction, authorities: string | undefined) {
  return {
    http: new HttpAgent({ ...connections, lookup }),
    // Said aloud, so that no variable of the environment turns it off.
    https: new HttpsAgent({ ...connections, lookup, ca: authorities, rejectUnauthorized: true }),
  };
}

/** A literal address is never looked up. */
function isAddressInside(url: URL): boolean {
  const host = hostOf(url);
  return isIP(host) !== 0 && !isPublicAddress(host);
}

/** The status stands, whatever becomes of the rest of the answer. */
async function throwAway(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // To leave the loop is to end the connection.
      if (bytes > mostAnswerBytes) return;
    }
  } catch {
    // It was cut off, by the receiver or by our deadline.
  }
}

function outcomeOf({ statusCode: status = 0, headers }: IncomingMessage, clock: Clock): PostOutcome {
  if (status >= 200 && status < 300) return { kind: "accepted" };
  if (status === 410) return { kind: "gone" };
  const asked = readRetryAfter(headers["retry-after"], clock.now());
  const retryAfterMs = asked ?? (slowDownStatuses.has(status) ? slowDownMs : undefined);
  const isRedirect = status >= 300 && status < 400;
  const problem = `the endpoint answered ${status}${isRedirect ? ", and redirects are not followed" : ""}`;
  return { ...failed(problem), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function failed(problem: string) {
  return { kind: "failed", problem } as const;
}

const problems = {
  privateAddress: "the endpoint's address is private, which its configuration does not allow",
  noAnswer: "the endpoint ended the connection without an answer",
  late: "the endpoint did not answer in time",
};

/** An error's message may hold addresses: its code says enough. */
function problemOf(error: NodeJS.ErrnoException, deadline: AbortSignal): string {
  if (error.code === privateAddressCode) return problems.privateAddress;
  if (deadline.aborted) return problems.late;
  return `the endpoint could not be reached: ${error.code ?? "unknown"}`;
}
