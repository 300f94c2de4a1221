// Under which name is a request known, to its sender and in our log?

import { randomUUID } from "node:crypto";
import type { RequestOrigin } from "./exchange.ts";

/** Anything else could forge log lines or fill them. Guard: ASVS 5.0 16.4.1. */
const acceptable = /^[A-Za-z0-9._-]{1,64}$/;

/** The sender's own id where it is acceptable, so that one id runs through all systems; else a new one. */
export function requestIdOf(request: RequestOrigin): string {
  const sent = request.headers["x-request-id"];
  return typeof sent === "string" && acceptable.test(sent) ? sent : randomUUID();
}
