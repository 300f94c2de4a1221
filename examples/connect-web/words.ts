// What does a person hear when something did not work, and what can they do?

import type { Failure } from "./recovery.ts";

const words: Readonly<Record<string, string>> = {
  CODE_INVALID: "This link or code is not right. Look at the newest message, or ask for another one.",
  CODE_EXPIRED: "This link or code is too old. Ask for another message.",
  CODE_USED: "This link or code was used. Ask for another message if you still need one.",
  CODE_REPLACED: "There is a newer message. Use that one.",
  CODE_BUSY: "Somebody is using this code at this moment. Try again.",
  TOO_MANY_TRIES: "Too many tries. The link in the message still works.",
  RECOVERY_BLOCKED: "Somebody said that it was not them who asked. Ask our support for help.",
  BOT_CHECK_REQUIRED: "This page cannot ask what has to be asked first. Ask our support for help.",
  BOT_CHECK_FAILED: "Your device took too long. Try again.",
  RATE_LIMITED: "Too many tries.",
  OVERLOADED: "There is much to do at this moment.",
  FIELD_INVALID: "This cannot be right. Look at what you typed.",
  UNAVAILABLE: "We cannot be reached at this moment. Try again.",
};

export function wordsFor({ reason, retryAfterSeconds, violations }: Failure): string {
  if (reason === "PASSWORD_REJECTED") return `Choose another password: ${violations.join("; ")}.`;
  const said = words[reason] ?? "That did not work. Try again later.";
  return retryAfterSeconds > 1 && reason !== "TOO_MANY_TRIES"
    ? `${said} Try again ${waitFor(retryAfterSeconds)}.`
    : said;
}

function waitFor(seconds: number): string {
  return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`;
}
