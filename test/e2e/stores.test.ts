// Does a reset work over every protocol, whichever store keeps the codes?

import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeUser } from "../support/make-user.ts";
import { connectClient, restClient, type Party } from "../support/native-client.ts";
import { liveThrough, nativeStory, type ResetClient } from "../support/reset-story.ts";
import { startRedis } from "../support/start-redis.ts";
import { startService, type StartedService } from "../support/start-service.ts";

const protocols: Readonly<Record<string, (party: Party) => ResetClient>> = {
  REST: restClient,
  "Connect JSON over HTTP/1.1": connectJson("1.1"),
  "Connect JSON over HTTP/2": connectJson("2"),
  gRPC: (party) => connectClient(createGrpcTransport({ baseUrl: party.address }), party),
  "gRPC-Web": (party) => connectClient(createGrpcWebTransport({ baseUrl: party.address, httpVersion: "1.1" }), party),
};

function connectJson(httpVersion: "1.1" | "2"): (party: Party) => ResetClient {
  return (party) =>
    connectClient(createConnectTransport({ baseUrl: party.address, httpVersion, useBinaryFormat: false }), party);
}

describe.each(["the embedded file", "Redis"])("codes in %s", (place) => {
  let service: StartedService;
  let closeAll: () => Promise<void>;
  beforeAll(async () => {
    const redis = place === "Redis" ? await startRedis() : undefined;
    service = await startService({ environment: redis === undefined ? {} : { REKEY_REDIS_URL: redis.url } });
    closeAll = async () => {
      await service.close();
      await redis?.stop();
    };
  });
  afterAll(async () => await closeAll());

  test.each(Object.entries(protocols))("%s: a code sets a password once, and the old one is dead", async (_, open) => {
    expect(await liveThrough(open(await makeUser(service)))).toEqual(nativeStory);
  });
});
