// Which addresses count as one?

import { describe, expect, test } from "vitest";

import { addressBucket } from "../../src/throttle/address.ts";

// Guard: ASVS 5.0 2.4.1. Incident: C13.
describe("an address", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:192.0.2.7", "192.0.2.7"],
    ["::ffff:c000:207", "192.0.2.7"],
    ["0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"],
    ["0000:0000:0000:0000:0000:FFFF:C000:0207", "192.0.2.7"],
    ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:1:2:192.0.2.7", "2001:db8:1:2::/64"],
    ["2001:db8::2:0:0:0:1", "2001:db8:0:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("%s is counted as %s", (address, bucket) => {
    expect(addressBucket(address)).toBe(bucket);
  });

  test("that rotates inside its /64 stays one", () => {
    const buckets = Array.from({ length: 256 }, (_, i) => addressBucket(`2001:db8:1:2:${i.toString(16)}::${i}`));
    expect(new Set(buckets)).toEqual(new Set(["2001:db8:1:2::/64"]));
  });

  test("of another /64 or IPv4 address is another", () => {
    expect(addressBucket("2001:db8:1:3::1")).not.toBe(addressBucket("2001:db8:1:2::1"));
    expect(addressBucket("192.0.2.8")).not.toBe(addressBucket("192.0.2.7"));
  });

  test.each(["", "unknown", "192.0.2.7:443", "300.1.1.1", "/tmp/socket"])(
    "that is none stands for itself: %j",
    (text) => {
      expect(addressBucket(text)).toBe(text);
    },
  );
});
