// Which addresses are one and the same to a limit? An IPv4 address is itself; of IPv6 a whole /64 is one.
//
// A household or a machine has a /64 of its own, and can take a new address in it for every call. Incident: C13.

import { isIPv4, SocketAddress } from "node:net";

/** The address, or the /64 that it is in, written in one form. What is no IP address stands for itself. */
export function addressBucket(address: string): string {
  const plain = address.split("%", 1)[0] ?? "";
  if (isIPv4(plain)) return plain;
  const written = SocketAddress.parse(`[${plain}]`)?.address;
  if (written === undefined) return address;
  const mapped = /^::ffff:(?<ipv4>[0-9.]+)$/.exec(written)?.groups?.["ipv4"];
  return mapped ?? `${groupsOf(written).slice(0, 4).join(":")}::/64`;
}

/** All eight groups of an address in its shortest form, where "::" stands for the groups that are 0. */
function groupsOf(address: string): string[] {
  const [before = "", after = ""] = address.split("::");
  const [head, tail] = [before, after].map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - (head?.length ?? 0) - (tail?.length ?? 0) }, () => "0");
  return [...(head ?? []), ...zeros, ...(tail ?? [])];
}
