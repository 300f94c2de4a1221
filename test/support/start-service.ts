// How does a test get the whole service? The demo, as a process of its own on a free loopback port.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { DemoFacts } from "../../src/demo/demo-facts.ts";
import { startProcess, type StartedProcess } from "./start-process.ts";

/** `dataDir` outlives `stop`. */
export type StartedService = Omit<StartedProcess, "address"> & {
  readonly facts: DemoFacts;
  readonly dataDir: string;
  /** Stops it and removes its data. */
  close(): Promise<void>;
};

/**
 * Starts the demo. `environment` adds settings (REKEY_REDIS_URL, …); `dataDir` starts on the data of an earlier one.
 */
export async function startService(
  options: { readonly environment?: Readonly<Record<string, string>>; readonly dataDir?: string } = {},
): Promise<StartedService> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "rekey-"));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const started = await startProcess({ REKEY_DATA_DIR: dataDir, REKEY_LISTEN_PORT: "0", ...options.environment });
    return {
      ...started,
      facts: JSON.parse(readFileSync(join(dataDir, "demo.json"), "utf8")) as DemoFacts,
      dataDir,
      async close() {
        await started.stop();
        remove();
      },
    };
  } catch (cause) {
    if (options.dataDir === undefined) remove();
    throw cause;
  }
}
