// Does a reset work over every protocol, whichever store keeps the codes?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ways } from "../support/call-ways.ts";
import { makeUser } from "../support/make-user.ts";
import { connectClient, restClient, type Party } from "../support/native-client.ts";
import { liveThrough, nativeStory, type ResetClient } from "../support/reset-story.ts";
import { startRedis } from "../support/start-redis.ts";
import { startService, type StartedService } from "../support/start-service.ts";

const clients: readonly { readonly name: string; readonly open: (party: Party) => ResetClient }[] = [
  { name: "REST", open: restClient },
  ...ways.map(({ name, open }) => ({ name, open: (party: Party) => connectClient(open(party.address), party) })),
];

describe.each(["the embedded file", "Redis"])("with codes in %s", (place) => {
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

  test.each(clients)("$name: a code sets a password once, and the old one is dead", async ({ open }) => {
    expect(await liveThrough(open(await makeUser(service)))).toEqual(nativeStory);
  });
});
