// What is an edge that a realm has switched off? Not there: what its callers hear is what an unknown service answers.

import { getOption } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { http } from "../../gen/google/api/annotations_pb.ts";
import { DeliveryService } from "../../gen/rekey/v1/delivery_service_pb.ts";
import { InboxService } from "../../gen/rekey/v1/inbox_service_pb.ts";
import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { UserService as NativeUsers } from "../../gen/rekey/v1/user_service_pb.ts";
import { UserService as ZitadelUsers } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { ways } from "../support/call-ways.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

const edges = {
  native: {
    call: async (transport: Parameters<typeof createClient>[1], headers: HeadersInit) =>
      await createClient(NativeUsers, transport).listUsers({}, { headers }),
    rest: { path: "/v1/users", init: {} },
  },
  zitadel: {
    call: async (transport: Parameters<typeof createClient>[1], headers: HeadersInit) =>
      await createClient(ZitadelUsers, transport).listUsers({}, { headers }),
    rest: { path: "/v2/users", init: { method: "POST", body: "{}" } },
  },
} as const;
const services = { native: NativeUsers, zitadel: ZitadelUsers } as const;
const everyService = {
  native: [PasswordService, NativeUsers, DeliveryService, InboxService],
  zitadel: [ZitadelUsers],
} as const;
const restNotFound = '{"code":5,"message":"Not Found"}';
const rpcNotServed = '{"code":"unimplemented","message":"this method is not served here"}';
const names = ["native", "zitadel"] as const;

const keyOf = (off: (typeof names)[number]) => ({
  authorization: `Bearer ${rekey.apiKey(makeRealm({ switchedOff: new Set([off]) }))}`,
});

describe.each(names)("%s", (name) => {
  const { call, rest } = edges[name];
  const other = edges[name === "native" ? "zitadel" : "native"];

  test.each(ways)("over $name", async ({ open }) => {
    const transport = open(url);
    const error = ConnectError.from(await call(transport, keyOf(name)).catch((cause: unknown) => cause));
    expect([error.code, error.rawMessage]).toEqual([Code.Unimplemented, "this method is not served here"]);
    expect(error.details).toEqual([]);
    await other.call(transport, keyOf(name));
  });

  test("over Connect it has the status and the words of an unknown service", async () => {
    const answer = async (path: string) => {
      const headers = { ...keyOf(name), "content-type": "application/json" };
      const response = await fetch(url + path, { method: "POST", headers, body: "{}" });
      return [response.status, response.headers.get("content-type"), await response.json()];
    };
    expect(await answer(`/${services[name].typeName}/ListUsers`)).toEqual(
      await answer("/elsewhere.v1.Service/ListUsers"),
    );
  });

  test("over REST it is an unknown path", async () => {
    const headers = keyOf(name);
    const answer = async (path: string) => {
      const response = await fetch(url + path, { ...rest.init, headers });
      return [response.status, response.headers.get("content-type"), await response.json()];
    };
    const notFound = { code: Code.NotFound, message: "Not Found" };
    expect(await answer(rest.path)).toEqual([404, "application/json", notFound]);
    expect(await answer("/v2/nothing")).toEqual([404, "application/json", notFound]);
    expect((await fetch(url + other.rest.path, { ...other.rest.init, headers })).status).toBe(200);
  });

  test("so is every path of it, and every method of its services is unknown", async () => {
    const headers = { ...keyOf(name), "content-type": "application/json" };
    const methods = everyService[name].flatMap((service) => service.methods);
    const wrong: string[] = [];
    for (const method of methods) {
      const { case: verb = "", value } = getOption(method, http).pattern;
      const path = typeof value === "string" ? value.replaceAll(/\{[^}]+\}/g, "ann") : "";
      const body = verb === "get" || verb === "delete" ? {} : { body: "{}" };
      const rest = await fetch(url + path, { method: verb.toUpperCase(), headers, ...body });
      const rpcPath = `${url}/${method.parent.typeName}/${method.name}`;
      const rpc = await fetch(rpcPath, { method: "POST", headers, body: "{}" });
      const heard = [rest.status, await rest.text(), rpc.status, await rpc.text()].join(" ");
      if (heard !== `404 ${restNotFound} 404 ${rpcNotServed}`) wrong.push(`${verb} ${path}: ${heard}`);
    }
    expect(methods.length).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });

  test("another method of its paths is no more there than they are, and its other callers hear which there are", async () => {
    const on = { authorization: `Bearer ${rekey.apiKey(makeRealm())}` };
    const paths = [rest.path, `/${services[name].typeName}/ListUsers`];
    const hear = async (path: string, headers: Record<string, string>, method = "PATCH") => {
      const response = await fetch(url + path, { method, headers });
      return { status: response.status, allow: response.headers.get("allow"), body: await response.text() };
    };
    for (const path of paths) {
      expect(await hear(path, keyOf(name))).toEqual(await hear("/v2/nothing", keyOf(name)));
      expect(await hear(path, on)).toMatchObject({ status: 405, allow: expect.stringMatching(/GET|POST/) });
      // Who has no key hears the same whatever the method: not even which there are.
      const stranger = await hear(path, {});
      expect(stranger).toMatchObject({ status: 401, allow: null });
      expect(rekey.ended.at(-1)).toMatchObject({ event: "call.rejected", outcome: "refused" });
    }
  });

  test("a path of it that is no percent-encoding, or a deadline that is none, is not told of", async () => {
    const malformed = await fetch(`${url}${rest.path}/%zz`, { headers: keyOf(name) });
    expect([malformed.status, await malformed.text()]).toEqual([404, restNotFound]);
    const headers = { ...keyOf(name), "x-server-timeout": "soon" };
    const late = await fetch(url + rest.path, { ...rest.init, headers });
    expect([late.status, await late.text()]).toEqual([404, restNotFound]);
  });

  test("it is on record as a call that was turned away", async () => {
    await fetch(url + rest.path, { ...rest.init, headers: keyOf(name) });
    expect(rekey.ended.at(-1)).toMatchObject({ event: "call.rejected", outcome: "refused" });
  });
});
