// How do failures leave this edge? As the vendor's error documents: signed behind its controllers, bare before them.

import type { RefusalDetails } from "../../reset/refusal.ts";
import type { Clock } from "../../units.ts";
import { requestIdKey } from "../http/call-values.ts";
import { callerKey } from "../http/caller-value.ts";
import type { BodyProblem, PlainAnswer, PlainRequest, PlainWords } from "../http/plain-call.ts";
import { exposedHeaders, type Finish } from "./answer.ts";
import { nameOf } from "./handlers.ts";
import { bareError, errorAnswer, type JsonError } from "./json-error.ts";
import { limitHeaders } from "./limit-headers.ts";
import { refusalError } from "./refusals.ts";

const bodyProblems: Readonly<Record<BodyProblem, JsonError>> = {
  too_large: { status: 413, detail: "The body is too large", code: "REKEY_TOO_LARGE" },
  unknown_encoding: { status: 415, detail: "The body is packed in an unknown way", code: "REKEY_UNKNOWN_ENCODING" },
  malformed: { status: 400, detail: "The body is not what its encoding says", code: "ENCODING_INVALID" },
};

export function keygenWords({ finish, clock }: { readonly finish: Finish; readonly clock: Clock }): PlainWords {
  return {
    refusal(details, request) {
      const error = refusalError(details, { user: nameOf(request) });
      if (details.reason === "rate_limited" || details.reason === "guesses_spent") {
        return limited(error, details, request);
      }
      return finish(request, errorAnswer(error, request.values.get(requestIdKey)));
    },
    unreadable: (problem) => bareError(bodyProblems[problem]),
    // Vendor: Keygen, a path with another method is no path of its.
    wrongMethod: () => bareError({ status: 404, detail: "The requested endpoint was not found", code: "NOT_FOUND" }),
    outage: () => bareError({ status: 503, detail: "The service is unavailable", code: "REKEY_UNAVAILABLE" }),
    fault: () => bareError({ status: 500, detail: "Something went wrong", code: "INTERNAL_SERVER_ERROR" }),
  };

  /** Vendor: Keygen counts before its controllers are reached. */
  function limited(
    error: JsonError,
    details: Extract<RefusalDetails, { reason: "rate_limited" | "guesses_spent" }>,
    request: PlainRequest,
  ): PlainAnswer {
    const { headers, ...answer } = bareError(error);
    const realm = request.values.get(callerKey)?.realm;
    const counters = realm && limitHeaders(details, realm, clock.now());
    return { ...answer, headers: { ...headers, "access-control-expose-headers": exposedHeaders, ...counters } };
  }
}
