// What do the vendor's own request headers ask for? A version, an environment and a signature, and what of it is refused.

import type { JsonError } from "./json-error.ts";
import { algorithm } from "./sign.ts";

/** Vendor: Keygen 1.8 is the current one. */
export const currentVersion = "1.8";
const versionForm = /^v?(1\.[0-8])$/;
const signatureForm = /^(?:keyid="([^"]*)",\s*)?algorithm="([^"]*)"$/i;

/** What a page of another origin may send of them. */
export const keygenRequestHeaders = ["Keygen-Version", "Keygen-Environment", "Keygen-Accept-Signature"] as const;

export type CallHeaders = { readonly version: string } | { readonly error: JsonError };

/** `query`: without its question mark. */
export function readCallHeaders(headers: Headers, query: string, accountId: string): CallHeaders {
  const error =
    environmentProblem(headers, query) ?? signatureProblem(headers.get("keygen-accept-signature"), accountId);
  const version = versionOf(headers);
  if (error !== undefined) return { error };
  if (version !== undefined) return { version };
  return {
    error: {
      status: 400,
      detail: "The requested API version is not supported",
      code: "INVALID_API_VERSION",
      about: "https://keygen.sh/docs/api/versioning/",
    },
  };
}

/** The version that is asked for, or the current one; undefined for one that there is not. */
export function versionOf(headers: Headers): string | undefined {
  const asked = headers.get("keygen-version") ?? "";
  return asked === "" ? currentVersion : versionForm.exec(asked)?.[1];
}

/** There are no environments here, as in the vendor's community edition. */
function environmentProblem(headers: Headers, query: string): JsonError | undefined {
  const said = { status: 400, detail: "Environments are not supported", code: "ENVIRONMENT_NOT_SUPPORTED" };
  if (headers.has("keygen-environment")) return { ...said, source: { header: "Keygen-Environment" } };
  if (new URLSearchParams(query).has("environment")) return { ...said, source: { parameter: "environment" } };
  return undefined;
}

function signatureProblem(asked: string | null, accountId: string): JsonError | undefined {
  if (asked === null) return undefined;
  const [, keyId = accountId, name = ""] = signatureForm.exec(asked.trim()) ?? [];
  if (name === "") return { status: 400, detail: "The requested signature is malformed" };
  if (name.toLowerCase() !== algorithm) return { status: 400, detail: "The requested algorithm is not supported" };
  return keyId === accountId ? undefined : { status: 400, detail: "The requested key is not the account's" };
}
