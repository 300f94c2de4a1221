// Are counters named as before when their names are remembered?

import { expect, test } from "vitest";

import type { NameCounter } from "../../src/throttle/charges-for.ts";
import { rememberNames } from "../../src/throttle/remember-names.ts";

function counting(): { readonly made: string[]; readonly nameCounter: NameCounter } {
  const made: string[] = [];
  const nameCounter = rememberNames((...whose) => {
    made.push(whose.join("/"));
    return whose.join("/");
  });
  return { made, nameCounter };
}

test("the name of a caller or an address is made once", () => {
  const { made, nameCounter } = counting();
  for (let time = 0; time < 3; time += 1) {
    expect(nameCounter("shop", "caller", "backend")).toBe("shop/caller/backend");
    expect(nameCounter("shop", "address", "192.0.2.7")).toBe("shop/address/192.0.2.7");
  }
  expect(made).toEqual(["shop/caller/backend", "shop/address/192.0.2.7"]);
});

test("neither realms, nor parties, nor names share a counter", () => {
  const { nameCounter } = counting();
  const whose = [
    ["shop", "caller", "backend"],
    ["bank", "caller", "backend"],
    ["shop", "address", "backend"],
    ["shop", "caller", "admin"],
    ["shop", "caller", "address backend"],
  ] as const;
  for (const [realmId, party, name] of [...whose, ...whose]) {
    expect(nameCounter(realmId, party, name)).toBe(`${realmId}/${party}/${name}`);
  }
});

test("an account's name is not kept", () => {
  const { made, nameCounter } = counting();
  nameCounter("shop", "account", "ann");
  nameCounter("shop", "account", "ann");
  expect(made).toHaveLength(2);
});

test("many addresses do not fill the memory: a name that was dropped is made again, and is the same", () => {
  const { made, nameCounter } = counting();
  const addresses = Array.from({ length: 2500 }, (_, at) => `2001:db8:0:${at.toString(16)}::/64`);
  for (const address of addresses) nameCounter("shop", "address", address);
  expect(made).toHaveLength(2500);
  expect(nameCounter("shop", "address", addresses[0] ?? "")).toBe(`shop/address/${addresses[0]}`);
  expect(made).toHaveLength(2501);
});
