// Which addresses may a webhook not reach? Those inside: of this machine, of private networks, of a cloud's metadata.
//
// Guard: ASVS 5.0 1.3.6. What is not known to be out on the internet counts as inside.

import { BlockList, isIP } from "node:net";

type Range = readonly [network: string, prefix: number];

/** Spec: the IANA IPv4 Special-Purpose Address Registry; RFC 5771 and RFC 1112 from 224.0.0.0 on. */
const insideIpv4: readonly Range[] = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // shared by a carrier's customers
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local, with the metadata of clouds at 169.254.169.254
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // relays of 6to4
  ["192.168.0.0", 16], // private
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, and broadcast
];

/** Prefixes that an IPv4 address hides behind: mapped (RFC 4291 §2.5.5.2), and by a NAT64 (RFC 6052 §2.1). */
const ipv4Carriers = ["::ffff:", "64:ff9b::"];

/** All else is inside: loopback, unique-local (with the metadata at fd00:ec2::254), link-local, multicast, unassigned. */
const outsideIpv6: readonly Range[] = [
  ["2000::", 3],
  ...ipv4Carriers.map((carrier) => [`${carrier}0.0.0.0`, 96] as const),
];

/** Spec: the IANA IPv6 Special-Purpose Address Registry, within 2000::/3. */
const insideIpv6: readonly Range[] = [
  ["2001::", 23], // protocol assignments, Teredo
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4 carries any IPv4 address
  ["3fff::", 20], // documentation
  ...ipv4Carriers.flatMap((carrier) =>
    insideIpv4.map(([network, prefix]): Range => [`${carrier}${network}`, 96 + prefix]),
  ),
];

const inside = listOf(insideIpv4, insideIpv6);
const outside = listOf([["0.0.0.0", 0]], outsideIpv6);
const loopback = listOf(
  [["127.0.0.0", 8]],
  [
    ["::1", 128],
    ["::ffff:127.0.0.0", 104],
  ],
);

/** Whether an IP address, in any of its forms, is out on the internet. */
export function isPublicAddress(address: string): boolean {
  return contains(outside, address) && !contains(inside, address);
}

/** Whether a URL's host stays on this machine: a loopback address, or a name that stands for one. Spec: RFC 6761 §6.3. */
export function isLoopbackHost(host: string): boolean {
  return /^(.+\.)?localhost\.?$/.test(host) || contains(loopback, host);
}

/** An address with a zone ("fe80::1%eth0") is in no list. */
function contains(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !address.includes("%") && list.check(address, family === 4 ? "ipv4" : "ipv6");
}

function listOf(ipv4: readonly Range[], ipv6: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ipv4) list.addSubnet(network, prefix, "ipv4");
  for (const [network, prefix] of ipv6) list.addSubnet(network, prefix, "ipv6");
  return list;
}
