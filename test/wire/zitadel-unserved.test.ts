// What does the vendor's client hear of the calls that are not served here? UNIMPLEMENTED, and no such path.

import { create, getOption } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { UserService as VendorService } from "@zitadel/proto/zitadel/user/v2/user_service_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { http } from "../../gen/google/api/annotations_pb.ts";
import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { ways } from "../support/call-ways.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";

let rekey: Rekey;
let url: string;
let headers: { authorization: string };
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
  headers = { authorization: `Bearer ${rekey.apiKey(rekey.realm())}` };
});
afterAll(async () => await rekey.close());

const served = new Set(UserService.methods.map(({ name }) => name));
const others = VendorService.methods.filter(({ name }) => !served.has(name));

test("the vendor's service has many more methods", () => {
  expect(others.length).toBe(VendorService.methods.length - served.size);
  expect(others.length).toBeGreaterThan(40);
});

describe.each(ways)("over $name", ({ open }) => {
  test("each is unimplemented, with and without a token", async () => {
    const client = createClient(VendorService, open(url)) as unknown as Record<string, Function>;
    for (const { localName, input } of others) {
      for (const options of [{ headers }, {}]) {
        const cause: unknown = await client[localName]!(create(input), options).catch((error: unknown) => error);
        const error = ConnectError.from(cause);
        expect([localName, error.code, error.rawMessage]).toEqual([
          localName,
          Code.Unimplemented,
          "this method is not served here",
        ]);
      }
    }
  });
});

test("over REST each is an unknown path, or a verb that a known path does not have", async () => {
  const paths = others.flatMap(({ proto, name }) => {
    const { pattern } = getOption({ proto } as Parameters<typeof getOption>[0] as never, http) ?? {};
    return pattern?.case === undefined || pattern.case === "custom"
      ? []
      : [{ name, verb: pattern.case, path: pattern.value }];
  });
  expect(paths.length).toBeGreaterThan(40);
  for (const { name, verb, path } of paths) {
    const filled = path.replaceAll(/\{[^}]+\}/g, "any");
    const body = verb === "get" || verb === "delete" ? {} : { body: "{}" };
    const response = await fetch(url + filled, { method: verb.toUpperCase(), headers, ...body });
    const { code } = (await response.json()) as { code: number };
    expect([name, [404, 405].includes(response.status), code]).toEqual([name, true, response.status === 404 ? 5 : 12]);
  }
});
