// How does a test get a web page? A script, bundled with all that it imports, on a free port of the loopback.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { build } from "vite";

export type ServedPage = { readonly port: number; close(): Promise<void> };

/** An empty page that runs `script`, a file. */
export async function servePage(script: string): Promise<ServedPage> {
  const code = await bundle(script);
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? code : '<!doctype html><script type="module" src="/page.js"></script>');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function bundle(script: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    build: { write: false, target: "esnext", modulePreload: false, rolldownOptions: { input: script } },
  });
  const chunks = [result].flat().flatMap((one) => ("output" in one ? one.output : []));
  const [entry] = chunks.flatMap((chunk) => (chunk.type === "chunk" && chunk.isEntry ? chunk.code : []));
  if (entry === undefined) throw new Error(`${script} gave no bundle`);
  return entry;
}
