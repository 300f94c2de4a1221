// What of the vendor's API is served? Of its user service the password calls, and the calls about users that a login page needs around them.

import type { Interceptor } from "@connectrpc/connect";

import { UserService } from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import { file_zitadel_v1_message } from "../../../gen/zitadel/v1/message_pb.ts";
import type { IdentifyCaller } from "../../reset/api-key.ts";
import { answerErrors } from "../http/answer-errors.ts";
import { auditedGate, type CallObserver } from "../http/observe-calls.ts";
import { serve, type Served } from "../http/served.ts";
import { accessTokenGate } from "./credentials.ts";
import { describeCall } from "./describe-call.ts";
import { type ZitadelActs, zitadelHandlers } from "./handlers.ts";
import { zitadelWords } from "./refusals.ts";

export function zitadelRoutes(deps: {
  readonly identify: IdentifyCaller;
  readonly acts: ZitadelActs;
  readonly observer: CallObserver;
  /** Run inside: deadlines and validation. */
  readonly interceptors: readonly Interceptor[];
}): readonly Served[] {
  return [
    serve(UserService, zitadelHandlers(deps.acts), {
      gate: auditedGate(accessTokenGate(deps.identify), deps.observer),
      interceptors: [answerErrors(zitadelWords, describeCall, deps.observer), ...deps.interceptors],
      // Vendor: unknown fields and unknown enum names are dropped.
      jsonOptions: { ignoreUnknownFields: true },
      errorDetails: [file_zitadel_v1_message],
    }),
  ];
}
