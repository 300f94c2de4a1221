// How long does a REST caller want to wait? `X-Server-Timeout` in seconds, or `Grpc-Timeout` as gRPC writes it.

import type { Milliseconds } from "../../units.ts";

export type Deadline =
  | { kind: "none" }
  | { kind: "set"; timeoutMs: Milliseconds }
  | { kind: "malformed"; header: string };

// Spec: gRPC over HTTP2, "Timeout": at most eight digits and a unit.
const grpcTimeout = /^([0-9]{1,8})([HMSmun])$/;
const unitMs: Record<string, Milliseconds> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };
const seconds = /^[0-9]{1,9}(\.[0-9]{1,9})?$/;

/** Node's timers fire at once when they are set to more. Unit: milliseconds. Source: Node, `setTimeout`. */
const longestTimer: Milliseconds = 2 ** 31 - 1;

/** The shorter one when both are given. Timers count whole milliseconds, so a fraction is rounded up. */
export function readDeadline(header: (name: string) => string | undefined): Deadline {
  const found: Milliseconds[] = [];
  const plain = header("x-server-timeout");
  if (plain !== undefined) {
    if (!seconds.test(plain)) return { kind: "malformed", header: "X-Server-Timeout" };
    found.push(Number(plain) * 1000);
  }
  const grpc = header("grpc-timeout");
  if (grpc !== undefined) {
    const [, digits, unit] = grpcTimeout.exec(grpc) ?? [];
    if (digits === undefined || unit === undefined) return { kind: "malformed", header: "Grpc-Timeout" };
    found.push(Number(digits) * unitMs[unit]!);
  }
  return found.length === 0
    ? { kind: "none" }
    : { kind: "set", timeoutMs: Math.ceil(Math.min(longestTimer, ...found)) };
}
