// From which IP address does a request come? From the socket, or from the hop in front of us that we were told to trust.

import { isIP } from "node:net";
import type { RequestOrigin } from "./exchange.ts";

/**
 * `trustedHops` is how many proxies of ours stand in front: each appends to X-Forwarded-For the address it saw, so the
 * client is that many entries from the right. What a client writes there itself stands further left and is never read.
 * Zero reads no header. Guard: ASVS 5.0 15.3.4.
 */
export function clientAddress(request: RequestOrigin, trustedHops: number): string {
  const peer = request.socket.remoteAddress ?? "";
  const forwarded = request.headers["x-forwarded-for"];
  if (trustedHops === 0 || forwarded === undefined) return plain(peer);
  const hops = String(forwarded).split(",");
  const seen = plain(hops.at(-trustedHops)?.trim() ?? "");
  return isIP(seen) === 0 ? plain(peer) : seen;
}

/** An IPv4 client of a dual-stack socket has one name, not two. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
