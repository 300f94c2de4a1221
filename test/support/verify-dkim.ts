// Is the DKIM signature of a mail good? A small verifier, relaxed/relaxed and RSA only. Spec: RFC 6376 §3.4, §3.7.

import { createHash, type KeyObject, verify } from "node:crypto";

export type DkimVerdict = {
  readonly isGood: boolean;
  readonly domain: string | undefined;
  readonly selector: string | undefined;
  readonly signedHeaders: readonly string[];
};

export function verifyDkim(raw: Buffer, publicKey: KeyObject): DkimVerdict {
  const text = raw.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const headers = text.slice(0, end + 2).match(/[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*/g) ?? [];
  const signature = headers.find((header) => /^dkim-signature:/i.test(header)) ?? "";
  const tags = new Map(
    signature
      .slice(signature.indexOf(":") + 1)
      .split(";")
      .map((tag): [string, string] => {
        const [name = "", ...value] = tag.split("=");
        return [name.trim(), value.join("=").replaceAll(/\s/g, "")];
      }),
  );
  const signedHeaders = tags.get("h")?.toLowerCase().split(":") ?? [];
  const signed = signedHeaders.map((name) => relaxed(headers.findLast((header) => nameOf(header) === name) ?? ""));
  const own = relaxed(signature.replace(/(;\s*b=)[^;]*/, "$1")).trimEnd();
  const isSignatureGood = verify(
    "sha256",
    Buffer.from(signed.join("") + own, "latin1"),
    publicKey,
    Buffer.from(tags.get("b") ?? "", "base64"),
  );
  const bodyHash = createHash("sha256")
    .update(relaxedBody(text.slice(end + 4)), "latin1")
    .digest("base64");
  return {
    isGood: tags.get("a") === "rsa-sha256" && isSignatureGood && bodyHash === tags.get("bh"),
    domain: tags.get("d"),
    selector: tags.get("s"),
    signedHeaders,
  };
}

function nameOf(header: string): string {
  return header.slice(0, header.indexOf(":")).toLowerCase();
}

function relaxed(header: string): string {
  const value = header.slice(header.indexOf(":") + 1).replaceAll("\r\n", "");
  return `${nameOf(header)}:${value.replaceAll(/[ \t]+/g, " ").trim()}\r\n`;
}

function relaxedBody(body: string): string {
  const lines = body.split("\r\n").map((line) => line.replaceAll(/[ \t]+/g, " ").trimEnd());
  const text = lines.join("\r\n").replace(/(\r\n)+$/, "");
  return text === "" ? "" : `${text}\r\n`;
}
