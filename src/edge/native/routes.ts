// What does our own API serve? Its services, behind the API key gate; recovery, which strangers call, without one.

import type { Interceptor } from "@connectrpc/connect";

import { DeliveryService } from "../../../gen/rekey/v1/delivery_service_pb.ts";
import { InboxService } from "../../../gen/rekey/v1/inbox_service_pb.ts";
import { PasswordService } from "../../../gen/rekey/v1/password_service_pb.ts";
import { RecoveryService } from "../../../gen/rekey/v1/recovery_service_pb.ts";
import { UserService } from "../../../gen/rekey/v1/user_service_pb.ts";
import type { IdentifyCaller } from "../../reset/api-key.ts";
import type { Dialect } from "../../reset/dialect.ts";
import type { ManageDeliveries } from "../../reset/manage-deliveries.ts";
import type { ManageUsers } from "../../reset/manage-users.ts";
import type { ReadInbox } from "../../reset/read-inbox.ts";
import { answerErrors } from "../http/answer-errors.ts";
import { auditedGate, type CallObserver } from "../http/observe-calls.ts";
import { serve, type Served } from "../http/served.ts";
import { apiKeyGate } from "./credentials.ts";
import { deliveryHandlers } from "./delivery-handlers.ts";
import { describeCall } from "./describe-call.ts";
import { inboxHandlers } from "./inbox-handlers.ts";
import { type PasswordActs, passwordHandlers } from "./password-handlers.ts";
import { type RecoveryActs, recoveryHandlers } from "./recovery-handlers.ts";
import { nativeWords } from "./refusals.ts";
import { userHandlers } from "./user-handlers.ts";

export function nativeRoutes(deps: {
  /** Where no realm speaks it to its callers, only recovery is left. */
  readonly isSpoken: boolean;
  readonly identify: IdentifyCaller;
  readonly passwords: PasswordActs;
  readonly users: ManageUsers;
  /** Absent outside the demo: the calls then answer UNIMPLEMENTED. */
  readonly readInbox?: ReadInbox;
  /** Absent where nothing is brought anywhere: the calls then answer UNIMPLEMENTED. */
  readonly deliveries?: ManageDeliveries;
  /** Absent where no realm lets strangers recover: the service is not there then. */
  readonly recovery?: RecoveryActs;
  readonly dialect: Dialect;
  readonly observer: CallObserver;
  /** Run inside: deadlines and validation. */
  readonly interceptors: readonly Interceptor[];
}): readonly Served[] {
  const open = { interceptors: [answerErrors(nativeWords, describeCall, deps.observer), ...deps.interceptors] };
  const options = { ...open, gate: auditedGate(apiKeyGate(deps.identify), deps.observer) };
  const recovery =
    deps.recovery === undefined ? [] : [serve(RecoveryService, recoveryHandlers(deps.recovery, deps.dialect), open)];
  if (!deps.isSpoken) return recovery;
  return [
    serve(PasswordService, passwordHandlers(deps.passwords, deps.dialect), options),
    serve(UserService, userHandlers(deps.users, deps.dialect.passwordPolicy), options),
    serve(DeliveryService, deps.deliveries === undefined ? {} : deliveryHandlers(deps.deliveries), options),
    ...recovery,
    serve(InboxService, deps.readInbox === undefined ? {} : inboxHandlers(deps.readInbox), options),
  ];
}
