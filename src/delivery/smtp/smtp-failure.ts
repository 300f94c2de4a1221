// What does it mean that a server did not take a mail? The address is wrong, or the way to it is.

import type { SendOutcome } from "../provider.ts";

/** As nodemailer throws it. Its texts hold addresses and the server's words: they are never repeated. */
type Failure = {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly permanent?: unknown;
};

/**
 * A lasting no to the recipient is the last word on this address, unless the server says that it is about us (X.7.X,
 * "security or policy": relaying denied, our address is blocked). A lasting no to anything else, and every passing one,
 * may be different elsewhere or later. So may a connection that ended after the text was sent: whether the server has
 * it nobody knows, and the same Message-ID tells a repetition. Spec: RFC 5321 §4.2.1, RFC 3463 §3.
 */
export function smtpFailure(error: unknown): SendOutcome {
  const failure: Failure = typeof error === "object" && error !== null ? error : {};
  const problem = describe(failure);
  const isAboutUs = enhancedCode(failure)?.split(".")[1] === "7";
  const isRefused = failure.command === "RCPT TO" && failure.permanent === true && !isAboutUs;
  return { kind: isRefused ? "refused" : "failed", problem };
}

/** "RCPT TO was answered 550 5.1.1", "CONN failed: ESOCKET ECONNREFUSED": steps and codes only. */
function describe(failure: Failure): string {
  const step = plain(failure.command, /^[A-Z][A-Z0-9 -]{1,20}$/) ?? "sending";
  if (typeof failure.responseCode === "number") {
    return [step, "was answered", failure.responseCode, enhancedCode(failure)]
      .filter((part) => part !== undefined)
      .join(" ");
  }
  const codes = [failure.code, failure.originalCode].map((code) => plain(code, /^[A-Z][A-Z0-9_]{1,40}$/));
  const known = codes.filter((code) => code !== undefined);
  return known.length === 0 ? `${step} failed` : `${step} failed: ${known.join(" ")}`;
}

function enhancedCode({ response }: Failure): string | undefined {
  return typeof response === "string" ? /^[245]\d\d[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined;
}

function plain(value: unknown, form: RegExp): string | undefined {
  return typeof value === "string" && form.test(value) ? value : undefined;
}
