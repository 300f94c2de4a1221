// What does a caller hear when a call fails? Every failure passes here, once, and leaves in the words of its edge.

import { type Violation, ViolationsSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Code, ConnectError, type Interceptor, type UnaryRequest } from "@connectrpc/connect";

import { Outage } from "../../outage.ts";
import { reasonOnRecord, Refusal, type RefusalDetails } from "../../reset/refusal.ts";
import type { AuditEvent, AuditOutcome } from "../../telemetry/audit.ts";
import { requestIdKey } from "./call-values.ts";
import { internalError } from "./internal-error.ts";
import type { CallObserver } from "./observe-calls.ts";

/** How one edge puts failures into words, and what it calls its calls on record. */
export type ErrorWords = {
  readonly refusal: (details: RefusalDetails, request: UnaryRequest) => ConnectError;
  /** A message that breaks the rules of its proto file. `violations` is never empty. */
  readonly invalid: (violations: readonly Violation[], request: UnaryRequest) => ConnectError;
  readonly outage: () => ConnectError;
};

/** Tells the call and the user that a request is about, for the record. */
export type DescribeCall = (request: UnaryRequest) => {
  readonly event: AuditEvent;
  readonly userId?: string | undefined;
};

type Failure = { readonly outcome: AuditOutcome; readonly reason: string; readonly error: ConnectError };

/** The outermost interceptor of every dialect. */
export function answerErrors(words: ErrorWords, describe: DescribeCall, observer: CallObserver): Interceptor {
  return (next) => async (request) => {
    if (request.stream) return next(request);
    const { event, userId } = describe(request);
    const values = request.contextValues;
    try {
      const answer = await next(request);
      observer.ended({ event, outcome: "done", values, userId });
      return answer;
    } catch (cause) {
      const { error, outcome, reason } = inWords(cause, request);
      observer.ended({ event, outcome, values, userId, reason });
      throw error;
    }
  };

  function inWords(cause: unknown, request: UnaryRequest): Failure {
    if (cause instanceof Refusal) {
      const { details } = cause;
      return { outcome: "refused", reason: reasonOnRecord(details), error: words.refusal(details, request) };
    }
    if (cause instanceof ConnectError) {
      const violations = cause.findDetails(ViolationsSchema).flatMap((detail) => detail.violations);
      return violations.length > 0
        ? { outcome: "refused", reason: "field_invalid", error: words.invalid(violations, request) }
        : { outcome: "refused", reason: Code[cause.code].toLowerCase(), error: cause };
    }
    observer.fault(cause, request.contextValues.get(requestIdKey));
    return cause instanceof Outage
      ? { outcome: "failed", reason: cause.dependency, error: words.outage() }
      : { outcome: "failed", reason: "fault", error: internalError() };
  }
}

/** The path of a broken field in proto names: "new_password.password", "queries[2].name". */
export function fieldPath(violation: Violation): string {
  return (violation.field?.elements ?? []).reduce((path, element) => {
    const subscript = element.subscript.case === undefined ? "" : `[${String(element.subscript.value)}]`;
    return `${path}${path === "" ? "" : "."}${element.fieldName}${subscript}`;
  }, "");
}
