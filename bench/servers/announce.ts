// How does a baseline say that it listens, and how does it end? In the product's words, and at once.

import type { Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";

export function announce(server: Http2Server): void {
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ address: `http://127.0.0.1:${port}`, msg: "listening" })}\n`);
  });
  process.on("SIGTERM", () => process.exit());
}
