// Which service do the tests of the wire call? UserService, answering each call with what it was told.

import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { endAtDeadline } from "../../src/edge/http/deadline.ts";
import { serve, type Served, type ServeOptions } from "../../src/edge/http/served.ts";

export const detail = { reason: "CODE_WRONG", domain: "rekey", metadata: { tries_left: "2" } };

/** The user id says what happens: "refuse:<message>", "stuck", "fault"; any other is echoed. */
export function echoUsers(options: ServeOptions = {}): Served {
  return serve(
    UserService,
    {
      getUser: async ({ userId }, context) => {
        echoHeaders(context);
        if (userId === "stuck") return new Promise<never>(() => undefined);
        if (userId === "fault") throw new Error("the secret cause");
        if (!userId.startsWith("refuse:")) return { user: { userId } };
        const error = new ConnectError(userId.slice("refuse:".length), Code.FailedPrecondition);
        error.details.push({ desc: ErrorInfoSchema, value: detail });
        throw error;
      },
      createUser: ({ userName, state }) => ({ user: { userName, state } }),
    },
    { interceptors: [endAtDeadline], ...options },
  );
}

function echoHeaders({ requestHeader, responseHeader, responseTrailer }: HandlerContext): void {
  const told = requestHeader.get("x-told");
  if (told === null) return;
  responseHeader.append("x-heard", told);
  responseHeader.append("x-heard", "again");
  responseTrailer.append("x-heard-last", told);
}
