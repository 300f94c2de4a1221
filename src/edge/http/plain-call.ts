// What is one call of an edge that is no RPC, to its handler and to whoever reads its answer?

import { createContextKey, type ContextKey, type ContextValues } from "@connectrpc/connect";

import type { RefusalDetails } from "../../reset/refusal.ts";
import type { AuditEvent } from "../../telemetry/audit.ts";
import type { Body } from "./body.ts";
import type { PlainParameters } from "./plain-route.ts";

/** What a handler sees of its request. */
export type PlainRequest = {
  readonly method: string;
  readonly path: string;
  readonly parameters: PlainParameters;
  /** Host and port, as sent. Its sender chose it. */
  readonly authority: string;
  /** As sent, without the question mark; may be empty. */
  readonly query: string;
  readonly headers: Headers;
  /** What the transport knows of the call, and where a handler leaves its caller: see caller-value. */
  readonly values: ContextValues;
  /** Whole, within the bound, unpacked; once. Credentials come first, so that a stranger's body is not read. */
  readBody(): Promise<Uint8Array>;
};

export type PlainAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: none, as in a 204. */
  readonly body?: string | Uint8Array;
};

/** Throws a Refusal (the rules said no), a PlainRefusal (the edge said no), or whatever went wrong. */
export type PlainHandler = (request: PlainRequest) => Promise<PlainAnswer>;

/** Why a body was not read: larger than the bound, packed in an unknown way, or not what its encoding says. */
export type BodyProblem = Exclude<Body["kind"], "read" | "cut_short">;

/** How one edge puts failures into words. `Retry-After` is added to 429 and 503 by itself. */
export type PlainWords = {
  readonly refusal: (details: RefusalDetails, request: PlainRequest) => PlainAnswer;
  readonly unreadable: (problem: BodyProblem) => PlainAnswer;
  readonly wrongMethod: () => PlainAnswer;
  /** A dependency is down, or does not answer in time. */
  readonly outage: () => PlainAnswer;
  /** A blank sentence: what went wrong is in the log only. */
  readonly fault: () => PlainAnswer;
};

/** An expected no of the edge itself: no known credentials, or a request that its API does not have. */
export class PlainRefusal extends Error {
  override readonly name = "PlainRefusal";
  readonly answer: PlainAnswer;
  /** For the record: "unauthenticated", "field_invalid". */
  readonly reason: string;

  constructor(answer: PlainAnswer, reason: string) {
    super(reason);
    this.answer = answer;
    this.reason = reason;
  }
}

/** Set by a handler whose route stands for more than one kind of call. For the record only. */
export const eventKey: ContextKey<AuditEvent | undefined> = createContextKey<AuditEvent | undefined>(undefined, {
  description: "what the call turned out to be",
});
