// What does a failed call mean to an operator? One sentence with what to do about it.

import { Code, ConnectError } from "@connectrpc/connect";

import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { CommandFailure } from "./command-failure.ts";
import { printable } from "./printable.ts";

export function explainFailure(cause: unknown, address: string): CommandFailure {
  const { code, rawMessage } = ConnectError.from(cause);
  const [info] = cause instanceof ConnectError ? cause.findDetails(ErrorInfoSchema) : [];
  const message = printable(rawMessage);
  switch (info?.reason) {
    case "DELIVERY_NOT_FOUND":
      return new CommandFailure(
        "refused",
        "There is no such delivery, or it is forgotten; `outbox list` shows those of this API key's realm.",
      );
    case "DELIVERY_NOT_RESENDABLE":
      return new CommandFailure(
        "refused",
        "Only a dead reset message can be sent again; `outbox show` tells its state.",
      );
    case "CONFLICT":
      return new CommandFailure("refused", "It is being attempted right now; try again in a moment.");
  }
  switch (code) {
    case Code.Unauthenticated:
      return new CommandFailure("not_permitted", `The service at ${address} does not know this API key.`);
    case Code.PermissionDenied:
      return new CommandFailure(
        "not_permitted",
        "This API key may not do that; it needs deliveries.read, and deliveries.write to send again or drop.",
      );
    case Code.InvalidArgument:
      return new CommandFailure("usage", `The service does not take that: ${message}.`);
    case Code.Unimplemented:
      return new CommandFailure(
        "unavailable",
        `The service at ${address} has no outbox: configure a provider or a webhook, see docs/delivery.md.`,
      );
    case Code.Unavailable:
    case Code.DeadlineExceeded:
      return new CommandFailure(
        "unavailable",
        info === undefined
          ? `No service answers at ${address} (${message}); start it, or name another with --address.`
          : `The service at ${address} cannot answer now: ${message}; look at its log, and try again.`,
      );
    default:
      return new CommandFailure("refused", `The service at ${address} refused: ${message}.`);
  }
}
