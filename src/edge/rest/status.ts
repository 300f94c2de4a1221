// What does a REST caller see of an error? An HTTP status and a google.rpc.Status in JSON.

import { create, fromBinary, toJson, type DescMessage, type JsonObject, type Registry } from "@bufbuild/protobuf";
import { hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectError } from "@connectrpc/connect";
import { RetryInfoSchema } from "../../../gen/google/rpc/error_details_pb.ts";
import { retryAfterSeconds } from "../http/rich-error.ts";

/** Spec: google/rpc/code.proto, the HTTP mapping beside each code. */
const httpStatuses: Record<Code, number> = {
  [Code.Canceled]: 499,
  [Code.Unknown]: 500,
  [Code.InvalidArgument]: 400,
  [Code.DeadlineExceeded]: 504,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.PermissionDenied]: 403,
  [Code.ResourceExhausted]: 429,
  [Code.FailedPrecondition]: 400,
  [Code.Aborted]: 409,
  [Code.OutOfRange]: 400,
  [Code.Unimplemented]: 501,
  [Code.Internal]: 500,
  [Code.Unavailable]: 503,
  [Code.DataLoss]: 500,
  [Code.Unauthenticated]: 401,
};

export function httpStatusOf(code: Code): number {
  return httpStatuses[code];
}

/** The body of an error answer. `details` is left out when there are none. */
export function statusJson(error: ConnectError, registry?: Registry): JsonObject {
  const details = error.details.flatMap((detail) => detailJson(detail, registry) ?? []);
  return { code: error.code, message: error.rawMessage, ...(details.length > 0 ? { details } : {}) };
}

/** Google's Any in JSON. A detail that came as bytes of a type that nobody here knows has no JSON: it is left out. */
function detailJson(detail: ConnectError["details"][number], registry?: Registry): JsonObject | undefined {
  if ("desc" in detail) return anyJson(detail.desc, create(detail.desc, detail.value), registry);
  const desc = registry?.getMessage(detail.type);
  return desc && anyJson(desc, fromBinary(desc, detail.value), registry);
}

function anyJson(desc: DescMessage, message: ReturnType<typeof create>, registry?: Registry): JsonObject {
  const type = { "@type": `type.googleapis.com/${desc.typeName}` };
  const value = toJson(desc, message, registry === undefined ? {} : { registry });
  return hasCustomJsonRepresentation(desc) ? { ...type, value } : { ...type, ...(value as JsonObject) };
}

/** The same moment as RetryInfo, in whole seconds, never too early; absent when the error has none. */
export function retryAfter(error: ConnectError): string | undefined {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return delay && retryAfterSeconds(Number(delay.seconds) * 1000 + delay.nanos / 1e6);
}
