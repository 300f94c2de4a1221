// What is a caller told whose request cannot be read?

import { Code, ConnectError } from "@connectrpc/connect";
import { richError } from "../rich-error.ts";

/** One field that is wrong. Nothing in it ever quotes a value: that may be a password or a code. */
export type Violation = {
  /** The path in proto names, or the name as it was sent where there is no such field. */
  readonly field: string;
  readonly reason: "UNKNOWN_FIELD" | "VALUE_INVALID" | "GIVEN_TWICE" | "ONEOF_CONFLICT";
  readonly description: string;
};

export type RequestFault =
  /** The body as a whole cannot be read. */
  | { readonly reason: "BODY_INVALID"; readonly message: string; readonly violations?: readonly Violation[] }
  /** Single fields are wrong; never empty. */
  | { readonly reason: "FIELD_INVALID"; readonly violations: readonly Violation[] };

/** How many violations one answer lists. */
export const maxViolations = 10;

/** Google's details belong to services that document them; a vendor's clients would not expect them. */
export function requestError(fault: RequestFault, details: boolean): ConnectError {
  const message = fault.reason === "BODY_INVALID" ? fault.message : sentence(fault.violations);
  if (!details) return new ConnectError(message, Code.InvalidArgument);
  const { reason, violations: fields } = fault;
  return richError({ code: Code.InvalidArgument, reason, message, ...(fields === undefined ? {} : { fields }) });
}

function sentence(violations: readonly Violation[]): string {
  return violations
    .map(({ field, description }) => (field === "" ? description : `${field} ${description}`))
    .join("; ");
}

/** How much of a name that nobody knows is repeated to its sender. Unit: UTF-16 code units. */
const maxNameLength = 64;

export function unknownField(name: string, description = "is not a known field"): Violation {
  return { field: name.slice(0, maxNameLength), reason: "UNKNOWN_FIELD", description };
}
