// Which service is meant, and with which API key? Said by options, by the environment, or by the demo's own facts.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Client, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

import { DeliveryService } from "../../gen/rekey/v1/delivery_service_pb.ts";
import type { DemoFacts } from "../demo/demo-facts.ts";
import { second } from "../units.ts";
import { CommandFailure } from "./command-failure.ts";
import type { Environment } from "./command.ts";
import { explainFailure } from "./explain-failure.ts";

/** For `parseArgs`. The key itself is no option: other users of the machine see the command line. */
export const serviceOptions = { address: { type: "string" }, "api-key-file": { type: "string" } } as const;

export type ServiceOptions = { readonly address?: string; readonly "api-key-file"?: string };

export type DeliveryClient = Client<typeof DeliveryService>;

const timeoutMs = 10 * second;

/** Whatever fails is told in a sentence. */
export async function askService<Answer>(
  options: ServiceOptions,
  environment: Environment,
  ask: (client: DeliveryClient) => Promise<Answer>,
): Promise<Answer> {
  const { address, apiKey } = findService(options, environment);
  const transport = createConnectTransport({
    baseUrl: address,
    // The one that every way to the service has, with TLS and without.
    httpVersion: "1.1",
    defaultTimeoutMs: timeoutMs,
    interceptors: [
      (next) => async (request) => {
        request.header.set("authorization", `Bearer ${apiKey}`);
        return await next(request);
      },
    ],
  });
  return await ask(createClient(DeliveryService, transport)).catch((cause: unknown) => {
    throw explainFailure(cause, address);
  });
}

function findService(options: ServiceOptions, environment: Environment): { address: string; apiKey: string } {
  const file = options["api-key-file"];
  const address = options.address ?? (environment["REKEY_ADDRESS"] || undefined);
  const apiKey = file === undefined ? environment["REKEY_API_KEY"] || undefined : keyIn(file);
  // The demo's key goes to nobody but the demo.
  const found = address === undefined && apiKey === undefined ? demoService(environment) : { address, apiKey };
  if (found.address === undefined) {
    throw new CommandFailure(
      "usage",
      "Where is the service? Name it with --address or REKEY_ADDRESS; there is no demo here.",
    );
  }
  if (!/^https?:/.test(found.address) || !URL.canParse(found.address)) {
    throw new CommandFailure("usage", "The address has to be a URL like http://127.0.0.1:8080.");
  }
  if (found.apiKey === undefined) {
    throw new CommandFailure("usage", "With which API key? Give it with --api-key-file or REKEY_API_KEY.");
  }
  if (!/^[\x21-\x7e]+$/.test(found.apiKey)) {
    throw new CommandFailure("usage", "The API key is none: it has to be one word, as make-api-key printed it.");
  }
  return { address: found.address, apiKey: found.apiKey };
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new CommandFailure("usage", `The key's file ${file} cannot be read: ${(cause as Error).message}.`);
  }
}

function demoService(environment: Environment): { address?: string; apiKey?: string } {
  try {
    const text = readFileSync(join(environment["REKEY_DATA_DIR"] || "data", "demo.json"), "utf8");
    const { address, api_key: apiKey } = JSON.parse(text) as DemoFacts;
    return { address, apiKey };
  } catch {
    return {};
  }
}
