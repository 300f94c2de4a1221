// How does a test receive webhooks? On a real server of the loopback that answers as told.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

export type Answer = (received: Received, response: ServerResponse) => void;

export type WebhookReceiver = {
  readonly port: number;
  readonly received: readonly Received[];
  /** How many connections were opened to it, with or without a request. */
  connections(): number;
  answerWith(answer: Answer): void;
  close(): Promise<void>;
};

const tlsFiles = new URL("../fixtures/tls/", import.meta.url);
/** For localhost and 127.0.0.1; nobody trusts it unless told to. */
export const receiverCertificate = readFileSync(new URL("certificate.pem", tlsFiles), "utf8");

export const accept: Answer = (_, response) => response.writeHead(204).end();

export function answerStatus(status: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => response.writeHead(status, headers).end();
}

export async function startWebhookReceiver(options: { readonly tls?: boolean } = {}): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let connections = 0;
  let answer = accept;
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const whole = await readWhole(request);
    received.push(whole);
    answer(whole, response);
  };
  const listener: RequestListener = (request, response) => void receive(request, response);
  const key = readFileSync(new URL("key.pem", tlsFiles));
  const server = options.tls ? createTlsServer({ key, cert: receiverCertificate }, listener) : createServer(listener);
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    answerWith(next) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readWhole(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString(),
  };
}
