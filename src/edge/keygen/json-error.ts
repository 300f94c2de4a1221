// What does an error look like in the vendor's API? A JSON:API document with one error in it.

import type { PlainAnswer } from "../http/plain-call.ts";

export type JsonError = {
  readonly status: number;
  readonly detail: string;
  readonly code?: string;
  readonly source?: { readonly pointer: string } | { readonly parameter: string } | { readonly header: string };
  /** A page that tells more. */
  readonly about?: string;
};

/** Vendor: Keygen, one title for each status. */
const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Unauthorized",
  403: "Access denied",
  404: "Not found",
  409: "Conflict",
  413: "Content too large",
  415: "Unsupported media type",
  422: "Unprocessable resource",
  429: "Too many requests",
  500: "Internal server error",
  503: "Service unavailable",
};

export const jsonApiType = "application/vnd.api+json; charset=utf-8";

/** What is said before the vendor's controllers are reached: without the request's id. */
export function bareError(error: JsonError): PlainAnswer {
  return answerOf(error, { errors: [documentOf(error)] });
}

/** Vendor: Keygen, a 422 has its two members in the other order. */
export function errorAnswer(error: JsonError, requestId: string): PlainAnswer {
  const errors = [documentOf(error)];
  const meta = { id: requestId };
  return answerOf(error, error.status === 422 ? { errors, meta } : { meta, errors });
}

function answerOf({ status }: JsonError, document: object): PlainAnswer {
  return { status, headers: { "content-type": jsonApiType }, body: JSON.stringify(document) };
}

/** Members that are not set are left out. */
function documentOf({ status, detail, code, source, about }: JsonError): object {
  return { title: titles[status], detail, code, source, ...(about !== undefined && { links: { about } }) };
}
