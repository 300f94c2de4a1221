// How does a test get an account of Keygen's, and call it as its portal does? Ids, keys, requests, and signatures verified
// by the vendor's published scheme.

import { createHash, createPublicKey, generateKeyPairSync, verify, type KeyObject } from "node:crypto";
import { request as httpRequest } from "node:http";

import type { KeygenConfiguration } from "../../src/config/configuration.ts";

export const accountId = "5d3a1c1e-9f0b-4c55-8a1c-2b0f6f6d7a10";
export const page = "https://app.example.com/recover/{{.Token}}";

export type KeygenKeys = { readonly seed: Buffer; readonly publicKey: KeyObject };

export function keygenKeys(): KeygenKeys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { seed: Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url"), publicKey };
}

export function keygenSetting(keys: KeygenKeys, changes: Partial<KeygenConfiguration> = {}): KeygenConfiguration {
  return { accountId, slug: "acme", hosts: [], signingKey: keys.seed, page, answerStatus: 202, ...changes };
}

/** What the vendor hands out is 32 bytes in hex. */
export function publicKeyFromHex(hex: string): KeyObject {
  const x = Buffer.from(hex, "hex").toString("base64url");
  return createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
}

export type KeygenAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: KeygenDocument;
};

export type KeygenError = {
  readonly title: string;
  readonly detail: string;
  readonly code?: string;
  readonly source?: { readonly pointer?: string; readonly header?: string; readonly parameter?: string };
  readonly links?: { readonly about: string };
};

export type KeygenDocument = {
  readonly meta?: { readonly id: string };
  readonly errors?: readonly KeygenError[];
  readonly data?: {
    readonly id: string;
    readonly type: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly relationships: object;
    readonly links: { readonly self: string };
  };
};

/** As the portal does it; `body` as text is sent as it is. */
export async function keygenCall(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<KeygenAnswer> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "Content-Type": "application/vnd.api+json", Accept: "application/vnd.api+json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text === "" ? {} : JSON.parse(text)) as KeygenDocument,
  };
}

/** For what fetch does not let a client say: the host, or no Accept at all. */
export async function keygenRaw(
  url: string,
  path: string,
  { method = "POST", body = "", headers = {} }: { method?: string; body?: string; headers?: Record<string, string> },
): Promise<KeygenAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<KeygenAnswer>();
  const request = httpRequest(url + path, { method, headers }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    response.on("end", () => {
      const heads = new Headers(
        Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const parsed = (text === "" ? {} : JSON.parse(text)) as KeygenDocument;
      resolve({ status: response.statusCode ?? 0, headers: heads, text, body: parsed });
    });
  });
  request.on("error", reject);
  request.end(body);
  return await promise;
}

/** Vendor: Keygen, "Verifying signatures": four lines, from what was received. `host` has no port. */
export function isSigned(
  publicKey: KeyObject,
  received: {
    readonly target: string;
    readonly host: string;
    readonly headers: { get(name: string): string | null };
    readonly body: string;
  },
): boolean {
  const { target, host, headers, body } = received;
  const fields = Object.fromEntries(
    [...(headers.get("keygen-signature") ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value]) => [
      name,
      value,
    ]),
  );
  const digest = `sha-256=${createHash("sha256").update(body).digest("base64")}`;
  if (digest !== headers.get("digest") || fields["headers"] !== "(request-target) host date digest") return false;
  const lines = [
    `(request-target): post ${target}`,
    `host: ${host}`,
    `date: ${headers.get("date")}`,
    `digest: ${digest}`,
  ];
  return (
    fields["keyid"] === accountId &&
    fields["algorithm"] === "ed25519" &&
    verify(null, Buffer.from(lines.join("\n")), publicKey, Buffer.from(fields["signature"] ?? "", "base64"))
  );
}
