// What comes before each call of the vendor's API? Media types, a body that can be read, the account, and its headers.
//
// Vendor: Keygen, in this order; what is told first is not signed and has no id of the request.

import { hostKey, requestIdKey } from "../http/call-values.ts";
import { callerKey } from "../http/caller-value.ts";
import { type PlainAnswer, type PlainHandler, PlainRefusal, type PlainRequest } from "../http/plain-call.ts";
import type { Account, FindAccount } from "./account.ts";
import type { Finish } from "./answer.ts";
import { readCallHeaders } from "./call-headers.ts";
import { bareError, errorAnswer, type JsonError } from "./json-error.ts";
import { isAcceptable, isReadAsJson } from "./negotiate.ts";
import { type Meta, type MetaRules, readDocument, readMeta } from "./read-meta.ts";

/** One call, as far as it has come. */
export type Controlled = {
  readonly request: PlainRequest;
  readonly account: Account;
  /** Ends the call unless the body says what the rules want; last, as the vendor looks at it last. */
  meta<Rules extends MetaRules>(rules: Rules): Meta<Rules>;
};

export type Controller = (call: Controlled) => Promise<PlainAnswer>;

/** An error of the edge's own, behind the point where the vendor's controllers begin. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly error: JsonError;
  /** For the record. */
  readonly reason: string;

  constructor(error: JsonError, reason: string) {
    super(reason);
    this.error = error;
    this.reason = reason;
  }
}

export function makeControlled(deps: {
  readonly findAccount: FindAccount;
  readonly finish: Finish;
}): (controller: Controller) => PlainHandler {
  const { findAccount, finish } = deps;

  return (controller) => async (request) => {
    const document = await readBefore(request);
    try {
      return finish(request, await controller({ request, ...enter(request), meta: metaOf(document) }));
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      const answer = errorAnswer(cause.error, request.values.get(requestIdKey));
      throw new PlainRefusal(finish(request, answer), cause.reason);
    }
  };

  function enter(request: PlainRequest): { readonly account: Account } {
    const found = findAccount(request.parameters["account"], request.values.get(hostKey));
    if ("error" in found) throw new Refused(found.error, "realm_unknown");
    const { account } = found;
    request.values.set(callerKey, account.stranger);
    const said = readCallHeaders(request.headers, request.query, account.id);
    if ("error" in said) throw new Refused(said.error, "field_invalid");
    return { account };
  }
}

async function readBefore(request: PlainRequest): Promise<unknown> {
  const { headers } = request;
  if (!isAcceptable(headers.get("accept"))) {
    const error = { status: 400, detail: "None of the acceptable media types is supported", code: "MIME_TYPE_INVALID" };
    throw new PlainRefusal(bareError(error), "not_acceptable");
  }
  const bytes = await request.readBody();
  const read = readDocument(isReadAsJson(headers.get("content-type")) ? bytes : new Uint8Array());
  if ("error" in read) throw new PlainRefusal(bareError(read.error), "malformed");
  return read.document;
}

function metaOf(document: unknown): Controlled["meta"] {
  return (rules) => {
    const read = readMeta(document, rules);
    if ("error" in read) throw new Refused(read.error, "field_invalid");
    return read.meta;
  };
}
