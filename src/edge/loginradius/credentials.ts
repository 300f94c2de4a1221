// Who calls? The app of the key for everybody; the app itself for whoever brings a secret or a signature as well.
//
// Key and secret are taken from the query and from headers alike, in any casing: every official client puts them elsewhere.
// A secret on a call that needs none is passed over. Guard: ASVS 5.0 11.2.4 (secrets compared in constant time).

import { hash, timingSafeEqual } from "node:crypto";

import type { Instant } from "../../units.ts";
import { addressKey, requestIdKey } from "../http/call-values.ts";
import { callerKey } from "../http/caller-value.ts";
import type { PlainRequest } from "../http/plain-call.ts";
import type { Call, Caller } from "../../reset/caller.ts";
import type { FindApp, LoginRadiusApp } from "./app.ts";
import { bodyParameters, queryParameters, type Parameters } from "./parameters.ts";
import { signatureProblem } from "./request-signature.ts";
import { missing, refused } from "./vendor-error.ts";

/** What the edge's handlers are given. */
export type VendorCall = {
  readonly app: LoginRadiusApp;
  readonly call: Call;
  readonly request: PlainRequest;
  readonly query: Parameters;
  readonly body: Parameters;
};

export type Admit = (request: PlainRequest) => Promise<VendorCall>;

/** A call of anybody who knows the public key. */
export function admitStranger(findApp: FindApp): Admit {
  return async (request) => {
    const query = queryParameters(request.query);
    const app = appOf(findApp, request, query);
    return vendorCall(app, app.stranger, request, query, await request.readBody());
  };
}

/** A call of the application's own server. */
export function admitApplication(findApp: FindApp, now: () => Instant): Admit {
  return async (request) => {
    const query = queryParameters(request.query);
    const app = appOf(findApp, request, query);
    const secret = query.text("apisecret") ?? (request.headers.get("x-loginradius-apisecret") || undefined);
    if (secret !== undefined) {
      if (!app.secrets.some((known) => isSame(known, secret))) throw refused(902);
      return vendorCall(app, app.application, request, query, await request.readBody());
    }
    const [expires, digest] = [request.headers.get("x-request-expires"), request.headers.get("digest")];
    if (expires === null && digest === null) throw refused(1209);
    const body = await request.readBody();
    const problem = signatureProblem({ expires, digest, address: addressOf(request), body }, app.secrets, now());
    if (problem !== undefined) throw refused(problem);
    return vendorCall(app, app.application, request, query, body);
  };
}

function appOf(findApp: FindApp, { headers }: PlainRequest, query: Parameters): LoginRadiusApp {
  const key = query.text("apikey") ?? (headers.get("x-loginradius-apikey") || undefined);
  if (key === undefined) throw bringsOtherCredentials(headers, query) ? refused(1409) : missing("apikey");
  const app = findApp(key);
  if (app === undefined) throw refused(901);
  return app;
}

/** Vendor: LoginRadius, the newer way in by client id and bearer, which there is not here. */
function bringsOtherCredentials(headers: Headers, query: Parameters): boolean {
  return headers.has("authorization") || query.text("clientid", "client_id") !== undefined;
}

function vendorCall(
  app: LoginRadiusApp,
  caller: Caller,
  request: PlainRequest,
  query: Parameters,
  bytes: Uint8Array,
): VendorCall {
  const { values, method, headers } = request;
  values.set(callerKey, caller);
  const call = { caller, address: values.get(addressKey), requestId: values.get(requestIdKey) };
  return { app, call, request, query, body: bodyParameters(method, headers.get("content-type"), bytes) };
}

function addressOf({ authority, path, query }: PlainRequest): string {
  return `${authority}${path}${query === "" ? "" : `?${query}`}`;
}

/** By their digests, so that neither length nor content shows in the time. */
function isSame(known: string, given: string): boolean {
  return timingSafeEqual(hash("sha256", known, "buffer"), hash("sha256", given, "buffer"));
}
