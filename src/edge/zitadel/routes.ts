// What of the vendor's API is served? Its user service, the two password calls of it.

import type { Interceptor } from "@connectrpc/connect";

import { UserService } from "../../../gen/zitadel/user/v2/user_service_pb.ts";
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
    }),
  ];
}
