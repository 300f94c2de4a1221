// Does gRPC's client for Python, which shares its core with C++, Ruby and PHP, get through a reset?

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { makeUser } from "../support/make-user.ts";
import { pythonWith } from "../support/python.ts";
import { nativeStory, passwords } from "../support/reset-story.ts";
import { mustRun } from "../support/run-command.ts";
import { startService, type StartedService } from "../support/start-service.ts";

const here = join(import.meta.dirname, "python");
/** The packages come from the network the first time. */
const installTimeoutMs = 600_000;

let python: string;
let service: StartedService;
let directory: string;
let descriptors: string;
beforeAll(async () => {
  python = await pythonWith(join(here, "requirements.txt"));
  directory = mkdtempSync(join(tmpdir(), "rekey-descriptors-"));
  descriptors = join(directory, "rekey.binpb");
  await mustRun("buf", "build", "--as-file-descriptor-set", "-o", descriptors);
  service = await startService();
}, installTimeoutMs);
afterAll(async () => {
  await service.close();
  rmSync(directory, { recursive: true });
});

test("a code sets a password once, and the old one is dead", async () => {
  const { address, ...party } = await makeUser(service);
  const given = { ...party, host: new URL(address).host, descriptors, passwords };
  const printed = await mustRun(python, join(here, "reset.py"), JSON.stringify(given));
  expect(JSON.parse(printed)).toEqual(nativeStory);
});
