// How does a client that speaks only TLS reach a service under test? Through a front that ends it, as a proxy does.

import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { createServer } from "node:tls";

import { onTestFinished } from "vitest";

import { tlsFixture } from "./start-smtp-server.ts";

/** Answers the port on localhost. Its certificate is the fixture's. */
export async function tlsFront(target: string): Promise<number> {
  const { hostname: host, port } = new URL(target);
  const server = createServer({ key: tlsFixture("key"), cert: tlsFixture("certificate") }, (outside) => {
    const inside = connect({ host, port: Number(port) });
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => inside.destroy());
    inside.on("error", () => outside.destroy());
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
