// How does a test get a front end of somebody's own? Its files, on a free port of the loopback; every other path is its
// page, as front ends want it.

import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

import { onTestFinished } from "vitest";

const contentTypes: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };

/** Answers the port. `change`: what is written into the page before it is served. */
export async function serveFolder(folder: string, change: (page: string) => string): Promise<number> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const type = contentTypes[extname(pathname)];
    const file = join(folder, pathname);
    if (type === undefined || !existsSync(file)) {
      response.setHeader("content-type", "text/html");
      return void response.end(change(readFileSync(join(folder, "index.html"), "utf8")));
    }
    response.setHeader("content-type", type);
    response.end(readFileSync(file));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
