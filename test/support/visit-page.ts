// How does a test visit the recovery page without a browser? With any host and headers, and forms filled in by name.

import { request, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

export type PageAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

export async function visit(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<PageAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  const sent = request(url, { method: options.method ?? "GET", headers: options.headers ?? {} }, resolve);
  sent.on("error", reject);
  sent.end(options.body);
  const answer = await promise;
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

/** Posts a form as a browser of today does. */
export async function post(
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
): Promise<PageAnswer> {
  return await visit(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "sec-fetch-site": "same-origin",
      origin: "null",
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  });
}

/** What the page's form for a step holds, hidden or filled in: its next post begins with it. */
export function fieldsOf({ body }: Pick<PageAnswer, "body">, step: string): Record<string, string> {
  const forms = [...body.matchAll(/<form[^>]*>(.*?)<\/form>/gs)].map(([, content = ""]) => fieldsIn(content));
  const form = forms.find((fields) => fields["step"] === step);
  if (form === undefined) throw new Error(`no form for ${step}`);
  return form;
}

function fieldsIn(form: string): Record<string, string> {
  const inputs = [...form.matchAll(/<input[^>]*>/g)].map(([input]) => [
    attribute(input, "name"),
    attribute(input, "value"),
  ]);
  return Object.fromEntries(inputs) as Record<string, string>;
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

/** What a reader sees, in one line. */
export function seen({ body }: Pick<PageAnswer, "body">): string {
  const main = /<main id="app">(.*?)<\/main>/s.exec(body)?.[1] ?? "";
  return unescaped(main.replaceAll(/<[^>]*>/g, " "))
    .replaceAll(/\s+/g, " ")
    .trim();
}

function unescaped(html: string): string {
  const signs: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return html.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => signs[name] ?? "");
}
