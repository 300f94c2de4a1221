// What stands on every answer of the vendor's controllers? Version, account, and a signature over the answer itself.

import type { Clock } from "../../units.ts";
import { hostKey } from "../http/call-values.ts";
import type { PlainAnswer, PlainRequest } from "../http/plain-call.ts";
import type { FindAccount } from "./account.ts";
import { currentVersion, versionOf } from "./call-headers.ts";
import { jsonApiType } from "./json-error.ts";
import { answerType } from "./negotiate.ts";
import { signatureHeaders } from "./sign.ts";

/** Finishes an answer, be it an error or not. */
export type Finish = (request: PlainRequest, answer: PlainAnswer) => PlainAnswer;

/** For pages of other origins; who may read them at all is decided for every edge alike. */
export const exposedHeaders =
  "Date, Digest, Keygen-Date, Keygen-Digest, Keygen-Signature, Keygen-Version, Keygen-Account, Keygen-Edition, " +
  "Keygen-Mode, X-Request-Id, Retry-After, WWW-Authenticate, X-RateLimit-Window, X-RateLimit-Count, X-RateLimit-Limit, " +
  "X-RateLimit-Remaining, X-RateLimit-Reset";

export function makeFinish(deps: {
  readonly findAccount: FindAccount;
  readonly mode: "singleplayer" | "multiplayer";
  readonly clock: Clock;
}): Finish {
  const { findAccount, mode, clock } = deps;

  return (request, answer) => {
    const host = request.values.get(hostKey);
    const found = findAccount(request.parameters["account"], host);
    const { body = "" } = answer;
    const signed = { method: request.method, target: targetOf(request), host, at: clock.now(), body };
    return {
      ...answer,
      headers: {
        ...answer.headers,
        ...(body !== "" && { "content-type": contentType(request) }),
        "cache-control": "no-transform, no-store, max-age=0",
        "access-control-expose-headers": exposedHeaders,
        "keygen-version": versionOf(request.headers) ?? currentVersion,
        "keygen-edition": "CE",
        "keygen-mode": mode,
        ...(answer.status === 401 && { "www-authenticate": `${schemeOf(request.headers)} realm="keygen"` }),
        ...("account" in found && {
          "keygen-account": found.account.id,
          ...signatureHeaders(signed, { accountId: found.account.id, privateKey: found.account.privateKey }),
        }),
      },
    };
  };
}

function targetOf({ path, query }: PlainRequest): string {
  return query === "" ? path : `${path}?${query}`;
}

function contentType({ headers }: PlainRequest): string {
  return jsonApiType.replace("application/vnd.api+json", answerType(headers.get("accept")));
}

/** Vendor: Keygen, the scheme that was tried, else Bearer. */
function schemeOf(headers: Headers): string {
  const [, first = "b", rest = "earer"] =
    /^([a-z])([a-z]{0,31})(?: |$)/i.exec(headers.get("authorization") ?? "") ?? [];
  return first.toUpperCase() + rest.toLowerCase();
}
