import { expect, test } from "vitest";

import { nearestName } from "../../src/config/nearest-name.ts";

const known = ["listen", "limits", "links", "lifetime", "min_length", "max_length"];

test.each([
  ["listen", "listen"],
  ["lisen", "listen"],
  ["LISTEN", "listen"],
  ["link", "links"],
  ["life_time", "lifetime"],
  ["lifeTime", "lifetime"],
  ["maxlength", "max_length"],
  ["min_lenght", "min_length"],
])("%s was meant to be %s", (written, meant) => {
  expect(nearestName(written, known)).toBe(meant);
});

test.each(["", "redis", "webhooks", "x", "a-name-that-is-much-longer-than-any"])("nothing is near to %j", (written) => {
  expect(nearestName(written, known)).toBeUndefined();
});
