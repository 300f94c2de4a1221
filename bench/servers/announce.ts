// How does a baseline say that it listens, and how does it end? In the product's words, and at once.

import type { AddressInfo, Server } from "node:net";

export function announce(server: Server): void {
  server.listen(0, "127.0.0.1", () => listening((server.address() as AddressInfo).port));
}

export function listening(port: number): void {
  process.stdout.write(`${JSON.stringify({ address: `http://127.0.0.1:${port}`, msg: "listening" })}\n`);
  process.on("SIGTERM", () => process.exit());
}
