// How does the process start and stop? Reads the environment, starts, waits for a signal, stops.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { openService } from "./compose/open-service.ts";
import { startProblems } from "./compose/start-problem.ts";
import { loadConfiguration } from "./config/load-configuration.ts";
import { formatProblems } from "./config/problem.ts";
import { banner } from "./demo/banner.ts";
import { makeAudit } from "./telemetry/audit.ts";
import { openLog } from "./telemetry/log.ts";

/** Spec: sysexits(3), EX_CONFIG. */
const badConfiguration = 78;

// What Rekey writes is for its owner only: users, codes, and the demo's key.
process.umask(0o077);

const loaded = loadConfiguration({
  environment: process.env,
  readFile: (path) => readFileSync(path, "utf8"),
});
if (loaded.kind === "invalid") {
  process.stderr.write(`Rekey does not start: the configuration has problems.\n\n${formatProblems(loaded.problems)}`);
  process.exit(badConfiguration);
}

const { configuration } = loaded;
const log = openLog({ level: configuration.log.level });
const service = await openService(configuration, { log, audit: makeAudit(log) }).catch(refuseToStart);
const { address, metricsAddress } = service;
const startedFrom = import.meta.filename.endsWith(".ts") ? "sources" : "bundle";
log.info({ address, ...(metricsAddress && { metricsAddress }), mode: configuration.mode, startedFrom }, "listening");
log.send();
if (service.demo !== undefined) process.stdout.write(banner(service.demo, resolve(configuration.dataDir)));

let isStopping = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    // Asked twice: whoever asks does not want to wait.
    if (isStopping) process.exit(1);
    isStopping = true;
    log.info({ signal }, "stopping");
    void stop();
  });
}

async function refuseToStart(cause: unknown): Promise<never> {
  const found = startProblems(cause, configuration);
  if (found === undefined) throw cause;
  process.stderr.write(`Rekey does not start.\n\n${formatProblems(found.problems)}`);
  await log.close();
  process.exit(found.mayPass ? 1 : badConfiguration);
}

async function stop(): Promise<void> {
  try {
    await service.stop();
    log.info({}, "stopped");
  } catch (error) {
    log.error({ error }, "stopped with a failure");
    process.exitCode = 1;
  }
  await log.close();
}
