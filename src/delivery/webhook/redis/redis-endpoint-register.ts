// How does Redis remember disabled endpoints? One hash per realm: from the endpoint's id to when and why.

import { redisOutage, type RedisConnection } from "../../../redis/connection.ts";
import type { DisabledEndpoint, EndpointRegister } from "../endpoint-register.ts";

export function redisEndpointRegister({ client }: RedisConnection): EndpointRegister {
  return {
    isDisabled: (realmId, endpointId) => orOutage(async () => (await client.hexists(keyOf(realmId), endpointId)) === 1),

    list: (realmId) =>
      orOutage(async () => {
        const fields = Object.entries(await client.hgetall(keyOf(realmId)));
        return fields
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([endpointId, value]) => ({
            endpointId,
            ...(JSON.parse(value) as Omit<DisabledEndpoint, "endpointId">),
          }));
      }),

    disable: (realmId, { endpointId, ...moment }) =>
      orOutage(async () => {
        await client.hsetnx(keyOf(realmId), endpointId, JSON.stringify(moment));
      }),

    enable: (realmId, endpointId) =>
      orOutage(async () => {
        await client.hdel(keyOf(realmId), endpointId);
      }),
  };
}

/** The braces put everything of one realm into one slot of a Redis Cluster. Realm ids hold no braces. */
function keyOf(realmId: string): string {
  return `rekey:{${realmId}}:disabled_endpoints`;
}

async function orOutage<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw redisOutage(cause);
  }
}
