// What does an error of the vendor look like on the wire? A message with its id, and one detail with both apart.

import { Code, ConnectError } from "@connectrpc/connect";

import { CredentialsCheckErrorSchema, ErrorDetailSchema } from "../../../gen/zitadel/v1/message_pb.ts";
import type { Milliseconds } from "../../units.ts";
import { retryAfterSeconds } from "../http/rich-error.ts";

export type VendorError = {
  readonly code: Code;
  /** As clients branch on it, for example COMMAND-2M9fs; ids of our own start with REKEY. */
  readonly id: string;
  readonly message: string;
  /** Which of the two details carries it. */
  readonly detail?: "credentials_check";
  readonly retryAfterMs?: Milliseconds;
};

export function vendorError({ code, id, message, detail, retryAfterMs }: VendorError): ConnectError {
  const error = new ConnectError(`${message} (${id})`, code);
  error.details.push(
    detail === "credentials_check"
      ? { desc: CredentialsCheckErrorSchema, value: { id, message } }
      : { desc: ErrorDetailSchema, value: { id, message } },
  );
  if (retryAfterMs !== undefined) error.metadata.set("retry-after", retryAfterSeconds(retryAfterMs));
  return error;
}

/** For what the vendor keeps and we do not: a no is better than to lose it in silence. */
export function notKept(what: string): ConnectError {
  return vendorError({ code: Code.Unimplemented, id: "REKEY-Part1", message: `${what} is not served here` });
}
