// Does every register of disabled endpoints keep its promise?

import { expect, test } from "vitest";

import { openEndpointRegister } from "../../src/delivery/webhook/open-endpoint-register.ts";
import { Outage } from "../../src/outage.ts";
import { openRedis } from "../../src/redis/connection.ts";
import { homes } from "../support/open-homes.ts";
import { startRedis } from "../support/start-redis.ts";
import { endpointRegisterContract } from "./endpoint-register.contract.ts";

for (const [name, openHome] of Object.entries(homes)) {
  endpointRegisterContract(name, async () => {
    const opened = await openHome();
    return {
      register: await openEndpointRegister(opened.home),
      reopen: async () => openEndpointRegister(await opened.restart()),
      close: () => opened.close(),
    };
  });
}

test("a Redis that is away is an outage", async () => {
  const server = await startRedis();
  const redis = await openRedis({ url: server.url });
  const register = await openEndpointRegister({ kind: "redis", redis });
  await server.stop();
  await expect(register.isDisabled("acme", "crm")).rejects.toThrow(Outage);
  await expect(register.list("acme")).rejects.toThrow(Outage);
  await redis.close();
});
