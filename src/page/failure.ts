// What went wrong, as far as a person can do something about it? One kind for each thing to say; docs/errors.md has all.

import { Code, ConnectError } from "@connectrpc/connect";
import { durationMs } from "@bufbuild/protobuf/wkt";

import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";

/** Passes by itself: the screen stays as it is and says so. */
export type Hitch =
  | { readonly kind: "rateLimited"; readonly until: number }
  | { readonly kind: "unavailable" }
  | { readonly kind: "offline" };

/** Said above a form, which stays: the same again may do. */
export type Setback = Hitch | { readonly kind: "botCheck" };

/** What the person has is of no use (any more). */
export type EndKind = "expired" | "used" | "replaced" | "invalid" | "notReady" | "closed" | "uncheckable";

export type Failure =
  | Hitch
  | { readonly kind: EndKind }
  | { readonly kind: "blocked"; readonly until: number }
  | { readonly kind: "tooManyTries"; readonly until: number }
  | { readonly kind: "busy"; readonly until: number }
  | { readonly kind: "botCheck" }
  | { readonly kind: "password"; readonly rules: readonly string[] }
  | { readonly kind: "fields"; readonly fields: readonly string[] };

const ends: Readonly<Record<string, EndKind>> = {
  CODE_EXPIRED: "expired",
  CODE_USED: "used",
  CODE_REPLACED: "replaced",
  CODE_INVALID: "invalid",
  USER_NOT_READY: "notReady",
  REALM_NOT_FOUND: "closed",
};

/** Where the service does not say when to come back. */
const shortWaitMs = 5_000;

/** What nothing better is known of, the service is to blame for. */
export function setbackOf(failure: Failure): Setback {
  switch (failure.kind) {
    case "rateLimited":
    case "offline":
    case "botCheck":
      return failure;
    default:
      return { kind: "unavailable" };
  }
}

export function readFailure(cause: unknown): Failure {
  const error = ConnectError.from(cause);
  const [info] = error.findDetails(ErrorInfoSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  const violations = error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
  const reason = info?.reason ?? "";
  const end = ends[reason];
  if (end !== undefined) return { kind: end };
  // Where the last realm with a recovery has closed it, the service itself is not there.
  if (error.code === Code.Unimplemented) return { kind: "closed" };
  const until = Date.now() + (retry?.retryDelay === undefined ? shortWaitMs : durationMs(retry.retryDelay));
  switch (reason) {
    case "RATE_LIMITED":
    case "OVERLOADED":
      return { kind: "rateLimited", until };
    case "RECOVERY_BLOCKED":
      return { kind: "blocked", until };
    case "TOO_MANY_TRIES":
      return { kind: "tooManyTries", until };
    case "CODE_BUSY":
    case "CONFLICT":
      return { kind: "busy", until };
    case "BOT_CHECK_REQUIRED":
    case "BOT_CHECK_FAILED":
      return { kind: "botCheck" };
    case "PASSWORD_REJECTED":
      return { kind: "password", rules: violations.map(({ reason }) => reason) };
    case "FIELD_INVALID":
      return { kind: "fields", fields: violations.map(({ field }) => field) };
    default:
      return { kind: navigator.onLine || error.code === Code.Internal ? "unavailable" : "offline" };
  }
}
