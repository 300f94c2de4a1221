// In which ways can a client call? Every protocol, over each HTTP version and in each codec that it has.

import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";

export type Way = { readonly name: string; readonly open: (baseUrl: string) => Transport };

const versions = ["1.1", "2"] as const;
const codecs = [true, false] as const;

/** Ten ways. gRPC has HTTP/2 only. */
export const ways: readonly Way[] = [
  ...codecs.map((useBinaryFormat) => ({
    name: `gRPC h2 ${codecName(useBinaryFormat)}`,
    open: (baseUrl: string) => createGrpcTransport({ baseUrl, useBinaryFormat }),
  })),
  ...versions.flatMap((httpVersion) =>
    codecs.flatMap((useBinaryFormat) => [
      {
        name: `gRPC-Web h${httpVersion} ${codecName(useBinaryFormat)}`,
        open: (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion, useBinaryFormat }),
      },
      {
        name: `Connect h${httpVersion} ${codecName(useBinaryFormat)}`,
        open: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion, useBinaryFormat }),
      },
    ]),
  ),
];

function codecName(binary: boolean): string {
  return binary ? "binary" : "JSON";
}
