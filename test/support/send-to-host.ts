// How does a test send a request whose headers `fetch` does not let it choose, the host above all?

import { request } from "node:http";
import { text } from "node:stream/consumers";

export async function sendToHost(
  url: string,
  { method = "POST", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: object },
): Promise<{ readonly status: number; readonly body: string; readonly allow: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  const sent = request(url, { method, headers: { "content-type": "application/json", ...headers } }, resolve);
  sent.on("error", reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const answer = await promise;
  return { status: answer.statusCode ?? 0, body: await text(answer), allow: answer.headers.allow };
}
