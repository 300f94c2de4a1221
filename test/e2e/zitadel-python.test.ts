// Does the vendor's own SDK for Python work with nothing changed but the host? It speaks JSON to the RPC paths.

import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { pythonWith } from "../support/python.ts";
import { passwords } from "../support/reset-story.ts";
import { mustRun } from "../support/run-command.ts";
import { startService, type StartedService } from "../support/start-service.ts";

const here = join(import.meta.dirname, "python");
/** The packages come from the network the first time. */
const installTimeoutMs = 600_000;

let python: string;
let service: StartedService;
beforeAll(async () => {
  python = await pythonWith(join(here, "zitadel-requirements.txt"));
  service = await startService();
}, installTimeoutMs);
afterAll(async () => await service.close());

/** Thousands of models are loaded first. */
const sdkTimeoutMs = 60_000;

test(
  "a user is made, found, reset and renamed",
  async () => {
    const { address, api_key: apiKey } = service.facts;
    const username = randomUUID();
    const given = { address, apiKey, email: `${username}@example.com`, username, passwords };
    expect(JSON.parse(await mustRun(python, join(here, "zitadel.py"), JSON.stringify(given)))).toEqual({
      found: true,
      name: "Ann",
      state: "USER_STATE_ACTIVE",
      again: "409 User already exists (V3-DKcYh)",
      unknown: "404 User could not be found (QUERY-Dfbg2)",
      codeLength: 6,
      rightCode: "set",
      sameCodeAgain: "400 Code not found (COMMAND-2M9fs)",
      renamed: true,
      foundNoMore: true,
    });
  },
  sdkTimeoutMs,
);
