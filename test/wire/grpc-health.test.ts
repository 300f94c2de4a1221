// Does a balancer hear when we may be called? Over the health service of gRPC.

import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { Health, HealthCheckResponse_ServingStatus as Status } from "../../gen/grpc/health/v1/health_pb.ts";
import { health, type ServingSource } from "../../src/edge/grpc/health.ts";
import { startEdge } from "../support/start-edge.ts";

const name = "rekey.v1.UserService";

async function start() {
  let now: ReturnType<ServingSource["current"]> = "serving";
  const changed = new EventTarget();
  const become = (status: typeof now) => {
    now = status;
    changed.dispatchEvent(new Event("change"));
  };
  const { url, faults } = await startEdge({ served: [health([name], { current: () => now, changed })] });
  return { client: createClient(Health, createGrpcTransport({ baseUrl: url })), become, faults };
}

describe("Check", () => {
  test.each(["", name])("of %j follows the process", async (service) => {
    const { client, become } = await start();
    expect((await client.check({ service })).status).toBe(Status.SERVING);
    become("not_serving");
    expect((await client.check({ service })).status).toBe(Status.NOT_SERVING);
    become("serving");
    expect((await client.check({ service })).status).toBe(Status.SERVING);
  });

  test("of a service that is not known is not found", async () => {
    const { client } = await start();
    await expect(client.check({ service: "other.Service" })).rejects.toMatchObject({ code: Code.NotFound });
  });
});

test("List names the process and each service", async () => {
  const { client, become } = await start();
  become("not_serving");
  const { statuses } = await client.list({});
  expect(Object.entries(statuses).map(([service, { status }]) => [service, status])).toEqual([
    ["", Status.NOT_SERVING],
    [name, Status.NOT_SERVING],
  ]);
});

describe("Watch", () => {
  test("tells the status at once, and then each change, and no more", async () => {
    const { client, become } = await start();
    const seen: Status[] = [];
    for await (const { status } of client.watch({ service: name })) {
      seen.push(status);
      // A notice without a change is not passed on.
      become(status === Status.SERVING ? "serving" : "not_serving");
      if (seen.length === 3) break;
      become(status === Status.SERVING ? "not_serving" : "serving");
    }
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING, Status.SERVING]);
  });

  test("of a service that is not known tells so, and stays open", async () => {
    const { client, become } = await start();
    const watching = new AbortController();
    const seen: Status[] = [];
    const watch = (async () => {
      for await (const { status } of client.watch({ service: "other.Service" }, { signal: watching.signal })) {
        seen.push(status);
        become("not_serving");
        // Another watcher hears of the change: the first one would have, too.
        for await (const _ of client.watch({ service: name })) break;
        watching.abort();
      }
    })();
    await expect(watch).rejects.toMatchObject({ code: Code.Canceled });
    expect(seen).toEqual([Status.SERVICE_UNKNOWN]);
  });

  test("by a client that goes away leaves nothing behind, and is no fault", async () => {
    const listening = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    class Watched extends EventTarget {
      override addEventListener(...args: Parameters<EventTarget["addEventListener"]>) {
        super.addEventListener(...args);
        listening.resolve();
      }
      override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>) {
        super.removeEventListener(...args);
        left.resolve();
      }
    }
    const source: ServingSource = { current: () => "serving", changed: new Watched() };
    const { url, faults } = await startEdge({ served: [health([], source)] });
    const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
    const watching = new AbortController();
    const stream = client.watch({}, { signal: watching.signal })[Symbol.asyncIterator]();
    await stream.next();
    await listening.promise;
    watching.abort();
    await expect(stream.next()).rejects.toMatchObject({ code: Code.Canceled });
    await left.promise;
    expect(faults).toEqual([]);
  });
});
