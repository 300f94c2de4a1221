// Is this one mailbox? What the directory stores is what the wire gets, and nothing else is either.

import { expect, test } from "vitest";

import { wireMailbox } from "../../src/delivery/smtp/mailbox.ts";
import { canonicalEmail } from "../../src/directory/identifier.ts";

test.each([
  ["ann@people.example", "ann@people.example"],
  ["Ann.O'Neil+reset@People.Example", "Ann.O'Neil+reset@people.example"],
  ["ann@bücher.example", "ann@xn--bcher-kva.example"],
  ["ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"],
  ["änn@bücher.example", "änn@bücher.example"],
  ["änn@xn--bcher-kva.example", "änn@bücher.example"],
  ["用户@例子.广告", "用户@例子.广告"],
  [`${"a".repeat(64)}@people.example`, `${"a".repeat(64)}@people.example`],
])("%s goes out as %s", (address, wire) => {
  expect(wireMailbox(address)).toBe(wire);
  // Guard: ASVS 5.0 1.5.3.
  expect(canonicalEmail(address)).toBeDefined();
});

// Incident: C5, C6, C8.
test.each([
  "",
  "ann",
  "@people.example",
  "ann@",
  "ann@people",
  " ann@people.example",
  "ann@people.example ",
  "ann@people.example,eve@attacker.example",
  "ann@people.example;eve@attacker.example",
  "ann@people.example eve@attacker.example",
  '"eve@attacker.example x"@people.example',
  '"ann"@people.example',
  "ann@people.example@attacker.example",
  "people: ann@people.example;",
  "a:b:c:d@people.example;;;",
  "ann(comment)@people.example",
  "ann@people.example(comment)",
  "Ann <ann@people.example>",
  "<ann@people.example>",
  "@attacker.example:ann@people.example",
  "ann%people.example@attacker.example",
  "attacker.example!ann@people.example",
  "ann@[192.0.2.1]",
  "ann@192.0.2.1",
  "ann@people..example",
  ".ann@people.example",
  "ann.@people.example",
  "an..n@people.example",
  "ann@-people.example",
  "ann\\@people.example",
  "ann@people.example\r\nBcc: eve@attacker.example",
  "ann@people.example%0Acc:eve@attacker.example",
  "ann@people.example\u0000",
  "ann\u200b@people.example",
  "ann@people.example\uff0ceve@attacker.example",
  "ann\uff20people.example",
  `${"a".repeat(65)}@people.example`,
  `ann@${"a".repeat(64)}.example`,
  `ann@${"people.".repeat(40)}example`,
])("%j is not one", (address) => {
  expect(wireMailbox(address)).toBeUndefined();
  expect(canonicalEmail(address)).toBeUndefined();
});
