// Who did what, when, from where, and with which outcome? One line for each call, also for a refused one.
//
// Joined by hand: a formatter costs 2 to 4 µs a line, on the thread that answers calls; this costs about a tenth.
// Guard: ASVS 5.0 16.3.1, 16.3.3 (what is recorded), 16.2.5 (no addresses), 16.4.1 (nothing forges a line).

import { type Clock, type Instant, systemClock } from "../units.ts";
import type { OpenedLog } from "./log.ts";
import { redactText } from "./redact.ts";

export type AuditEvent =
  /** A code was made and returned to the caller. */
  | "password_reset.returned"
  /** A message with a code was handed to delivery. */
  | "password_reset.sent"
  /** A password was set: with a code, with the current one, by an administrator, or as a ready hash. */
  | "password.set_with_code"
  | "password.set_with_current"
  | "password.set"
  | "password.imported"
  | "code.checked"
  | "code.revoked"
  | "user.created"
  | "user.read"
  | "user.listed"
  | "user.updated"
  | "user.deleted"
  | "delivery.read"
  | "delivery.listed"
  | "delivery.resent"
  | "delivery.dropped"
  | "inbox.read"
  /** A stranger asked what is wanted of them; asked for a message; what came of it; presented a code or a link; set a
   * password with it; or said that it was not them. */
  | "recovery.prepared"
  | "recovery.started"
  | "recovery.performed"
  | "recovery.checked"
  | "recovery.completed"
  | "recovery.vetoed"
  /** A call that was turned away before it was known what it would do: no key, no such method, not readable. */
  | "call.rejected";

/** `refused`: an expected no. `failed`: a fault or an outage. */
export type AuditOutcome = "done" | "refused" | "failed";

export type AuditRecord = {
  readonly event: AuditEvent;
  readonly outcome: AuditOutcome;
  /** Absent for a caller that nobody knows. */
  readonly realmId?: string | undefined;
  readonly callerId?: string | undefined;
  /** Absent where the call is about no user, or many. */
  readonly userId?: string | undefined;
  readonly requestId: string;
  /** The IP address that the call came from. */
  readonly address: string;
  /** Shared with the message and support: "7F3K-2MQ4". Only where a reset was started. */
  readonly requestNumber?: string | undefined;
  /** Why it was refused or failed: a refusal's reason, or the dependency that is down. */
  readonly reason?: string | undefined;
};

export type Audit = { record(entry: AuditRecord): void };

export function makeAudit(log: Pick<OpenedLog, "writeLine">, clock: Clock = systemClock): Audit {
  let latest: Instant = Number.NaN;
  let time = "";
  const [realm, caller, from] = [rememberLast(), rememberLast(), rememberLast()];

  return {
    record({ event, outcome, realmId, callerId, userId, requestId, address, requestNumber, reason }) {
      const now = clock.now();
      if (now !== latest) {
        time = new Date(now).toISOString();
        latest = now;
      }
      log.writeLine(
        `{"level":"info","time":"${time}","audit":"${event}","outcome":"${outcome}"` +
          field("realmId", realmId, realm) +
          field("callerId", callerId, caller) +
          field("userId", userId) +
          field("requestId", requestId) +
          field("address", address, from) +
          field("requestNumber", requestNumber) +
          field("reason", reason) +
          "}\n",
      );
    },
  };
}

function field(name: string, value: string | undefined, quote = quoted): string {
  return value === undefined ? "" : `,"${name}":${quote(value)}`;
}

/** For what is mostly the same from one line to the next. */
function rememberLast(): typeof quoted {
  let last = "";
  let form = quoted(last);
  return (value) => {
    if (value !== last) {
      last = value;
      form = quoted(value);
    }
    return form;
  };
}

/** What needs no escape and cannot be part of an address that is to be hidden: printable ASCII without " % + @ \ */
const plain = /^[ !#$&-*,-?A-[\]-~]*$/;
/** Characters that JSON allows but terminals and log viewers obey: delete, C1 controls, line and paragraph separators. */
const obeyed = /[\u007f-\u009f\u2028\u2029]/g;
/** Callers choose some of the values; none needs more. In UTF-16 code units. */
const longestValue = 256;

function quoted(value: string): string {
  const text = value.length > longestValue ? value.slice(0, longestValue) : value;
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(redactText(text)).replace(
    obeyed,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
