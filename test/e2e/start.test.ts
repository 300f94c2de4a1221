// Does `npm start` keep what it compiled, and start all the same where it cannot?

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";

import { startProcess } from "../support/start-process.ts";

const root = join(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: { start: string } };
/** As `npm start` has it, without the word `node`. */
const program = scripts.start.split(" ").slice(1);

function start(home: string, cache: string) {
  const environment = { REKEY_DATA_DIR: home, REKEY_LISTEN_PORT: "0", NODE_COMPILE_CACHE: cache };
  return startProcess(environment, program);
}

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), "rekey-start-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

it("keeps what it compiled before anybody stops it, readable by its owner only, and starts with it again", async () => {
  const home = makeHome();
  const cache = join(home, "compiled");
  const first = await start(home, cache);
  const compiled = () => readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  await vi.waitFor(() => expect(compiled()).not.toEqual([]), { timeout: 20_000 });
  await first.stop("SIGKILL");
  const modes = compiled().map(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));

  const second = await start(home, cache);
  expect((await fetch(`${second.address}/readyz`)).status).toBe(200);
  expect(await second.stop()).toBe(0);
});

it("starts where nothing can be kept", async () => {
  const home = makeHome();
  const file = join(home, "a file");
  writeFileSync(file, "");
  const service = await start(home, join(file, "no directory"));
  expect((await fetch(`${service.address}/readyz`)).status).toBe(200);
  expect(await service.stop()).toBe(0);
});
