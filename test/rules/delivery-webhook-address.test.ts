// Which addresses may a webhook reach? Guard: ASVS 5.0 1.3.6.

import { expect, test } from "vitest";

import { isLoopbackHost, isPublicAddress } from "../../src/delivery/webhook/private-address.ts";

/** The first and the last address of each range, or one that somebody would try. */
const inside = {
  "this network": ["0.0.0.0", "0.255.255.255"],
  "private networks": ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
  "a carrier's customers": ["100.64.0.0", "100.127.255.255"],
  loopback: ["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1"],
  "link-local addresses": ["169.254.0.0", "169.254.255.255", "fe80::1", "fe80::1%eth0", "febf::1"],
  "metadata of clouds": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
  "assigned for protocols": ["192.0.0.8", "2001::1", "2001:1ff::1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  benchmarks: ["198.18.0.0", "198.19.255.255"],
  multicast: ["224.0.0.0", "239.255.255.255", "ff02::1"],
  "reserved and broadcast": ["240.0.0.0", "255.255.255.255"],
  "unique-local addresses": ["fc00::1", "fdff:ffff::1"],
  "nowhere and unassigned": ["::", "1fff::1", "4000::1", "100::1", "::127.0.0.1"],
  "IPv4 inside, written as IPv6": [
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:0a00:0001",
    "::FFFF:169.254.169.254",
    "::ffff:c0a8:101",
  ],
  "IPv4 inside, behind a NAT64": ["64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.1.2.3", "64:ff9b:1::1"],
  "IPv4 in 6to4 and Teredo": ["2002:7f00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
  "no addresses at all": ["", "localhost", "127.1", "2130706433", "0x7f000001", "127.0.0.1:80", "[::1]"],
};

test.each(Object.entries(inside))("refuses %s", (_, addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

test("lets what is out on the internet through, up to the edge of each range", () => {
  const outside = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:82b::200e",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
  ];
  expect(outside.filter((address) => !isPublicAddress(address))).toEqual([]);
});

test("knows the hosts of a URL that stay on the machine", () => {
  const loopback = ["localhost", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:7f00:1"];
  expect(loopback.filter((host) => !isLoopbackHost(host))).toEqual([]);
  const others = ["notlocalhost", "localhost.example.com", "10.0.0.1", "128.0.0.1", "::2", "127.0.0.1.example.com"];
  expect(others.filter(isLoopbackHost)).toEqual([]);
});
