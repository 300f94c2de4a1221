// How does an error carry what a program can act on? A gRPC status with google.rpc details, the same over every protocol.

import { type Code, ConnectError } from "@connectrpc/connect";
import { durationFromMs } from "@bufbuild/protobuf/wkt";

import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from "../../../gen/google/rpc/error_details_pb.ts";
import type { Milliseconds } from "../../units.ts";

/** What is said of an error. Nothing in it may tell a stranger more than the reason itself does. */
export type Rendering = {
  readonly code: Code;
  /** Stable, for programs: at most 63 of A-Z, 0-9 and "_". Listed in docs/errors.md. */
  readonly reason: string;
  /** For people: what is wrong and what to do about it. */
  readonly message: string;
  /** Further facts for programs; keys name their unit. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly fields?: readonly FieldViolation[];
  readonly precondition?: { readonly type: string; readonly subject: string; readonly description: string };
  /** When asking again makes sense. */
  readonly retryAfterMs?: Milliseconds;
};

/** `field` is the path in proto names, for example "new_password.password". */
export type FieldViolation = { readonly field: string; readonly description: string; readonly reason: string };

/** The domain of every reason that is Rekey's own. */
const domain = "rekey";

export function richError(rendering: Rendering): ConnectError {
  const { code, reason, message, metadata = {}, fields, precondition, retryAfterMs } = rendering;
  const error = new ConnectError(message, code);
  error.details.push({ desc: ErrorInfoSchema, value: { reason, domain, metadata: { ...metadata } } });
  if (fields !== undefined) {
    error.details.push({ desc: BadRequestSchema, value: { fieldViolations: fields.map((field) => ({ ...field })) } });
  }
  if (precondition !== undefined) {
    error.details.push({ desc: PreconditionFailureSchema, value: { violations: [{ ...precondition }] } });
  }
  if (retryAfterMs !== undefined) {
    error.details.push({ desc: RetryInfoSchema, value: { retryDelay: durationFromMs(retryAfterMs) } });
    error.metadata.set("retry-after", retryAfterSeconds(retryAfterMs));
  }
  return error;
}

/** For the Retry-After header: whole seconds, never too early. Spec: RFC 9110 §10.2.3. */
export function retryAfterSeconds(retryAfterMs: Milliseconds): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
