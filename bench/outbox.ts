// What does delivery cost? The outbox by itself, and the call that matters with nobody to tell and with somebody.
// npm run bench:outbox -- [--rounds N]

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";

import { minute } from "../src/units.ts";
import { startRedis } from "../test/support/start-redis.ts";
import { startWebhookReceiver } from "../test/support/webhook-receiver.ts";
import { startLoad } from "./load-process.ts";
import { type ListeningFigures, measureListening } from "./measure-listening.ts";
import type { OutboxFigures, OutboxTask } from "./outbox-process.ts";
import { pinCores } from "./pinning.ts";
import { makeProductHome } from "./product-home.ts";
import { spread, table } from "./report.ts";
import { makeTimeLeft } from "./time-left.ts";

/** No round begins that would likely end later. */
const longestRunMs = 2 * minute;

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });

const isTimeLeft = makeTimeLeft(longestRunMs);
const pinning = pinCores();
const loadAtStart = loadavg()[0] ?? 0;
const home = mkdtempSync(join(tmpdir(), "rekey-bench-"));
const redis = await startRedis();
const receiver = await startWebhookReceiver({ tls: true });
const load = startLoad();
const certificate = new URL("../test/fixtures/tls/certificate.pem", import.meta.url).pathname;

const outboxes: Readonly<Record<string, (round: number) => OutboxTask>> = {
  "the outbox in Redis": () => ({ place: { redisUrl: redis.url, isBare: false }, deliveries: 2000 }),
  "bare BullMQ, the same job": () => ({ place: { redisUrl: redis.url, isBare: true }, deliveries: 2000 }),
  "the outbox in the file": (round) => ({ place: { file: join(home, `outbox-${round}`) }, deliveries: 2000 }),
};

const endpoint = {
  id: "application",
  url: `https://localhost:${receiver.port}/events`,
  secrets: [{ secret: `whsec_${randomBytes(32).toString("base64")}` }],
  allow_private: true,
};
// Nothing of these calls goes to the provider: it does not have to be there.
const delivery = { smtp: [{ name: "mail", host: "127.0.0.1", port: 9, security: "none" }], waiting: 1_000_000 };
const homeWith = async (name: string, settings: object, realm: object) =>
  await makeProductHome(join(home, name), { redis: { url: redis.url }, ...settings }, realm);
const listening = {
  "no delivery configured": {
    home: await homeWith("none", {}, {}),
    calls: 6000,
    deliveriesPerCall: 0,
  },
  "a provider, and an endpoint for other events": {
    home: await homeWith("others", { delivery }, { webhooks: [{ ...endpoint, events: ["password.changed"] }] }),
    calls: 6000,
    deliveriesPerCall: 0,
  },
  "an endpoint that is told of each call": {
    home: await homeWith("told", { delivery }, { webhooks: [endpoint] }),
    calls: 2000,
    deliveriesPerCall: 1,
  },
} as const;

const outboxFigures: Record<string, OutboxFigures>[] = [];
const listeningFigures: Record<string, ListeningFigures>[] = [];
try {
  for (let round = 0; round < Number(values.rounds) && isTimeLeft(round); round += 1) {
    outboxFigures.push(await inTurn(round, outboxes, async (task) => await runOutbox(task(round))));
    const environment = { NODE_EXTRA_CA_CERTS: certificate };
    const measure = async (how: (typeof listening)[keyof typeof listening]) =>
      await measureListening({ pinning, load, redisUrl: redis.url }, { ...how, environment });
    listeningFigures.push(await inTurn(round, listening, measure));
  }
} finally {
  load.close();
  await receiver.close();
  await redis.stop();
  rmSync(home, { recursive: true, force: true });
}

process.stdout.write(`
Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${pinning.isPinned ? "pinned" : "not pinned"}.
Median (least to most) of ${outboxFigures.length} rounds; load average ${loadAtStart.toFixed(2)} before the first.

${outboxTable()}

${listeningTable()}
`);

/** Odd rounds go backwards, so that nothing always follows the same other. */
async function inTurn<How, Figures extends { readonly problems: readonly string[] }>(
  round: number,
  subjects: Readonly<Record<string, How>>,
  measure: (how: How) => Promise<Figures>,
): Promise<Record<string, Figures>> {
  const figures: Record<string, Figures> = {};
  const names = Object.keys(subjects);
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const measured = await measure(subjects[name] as How);
    figures[name] = measured;
    process.stderr.write(`round ${round + 1}: ${name}\n`);
    for (const problem of measured.problems) {
      process.stderr.write(`  NOT TRUE: ${problem}\n`);
      process.exitCode = 1;
    }
  }
  return figures;
}

async function runOutbox(task: OutboxTask): Promise<OutboxFigures> {
  const program = join(import.meta.dirname, "outbox-process.ts");
  const [command, ...args] = pinning.serverCommand(process.execPath, [program, JSON.stringify(task)]);
  const { stdout } = await promisify(execFile)(command, args);
  return JSON.parse(stdout) as OutboxFigures;
}

function outboxTable(): string {
  const floor = Object.keys(outboxes).find((name) => name.startsWith("bare")) ?? "";
  const rows = Object.keys(outboxes).map((name) => {
    const of = (figure: (figures: OutboxFigures) => number, digits = 0) =>
      spread(
        outboxFigures.map(({ [name]: it }) => it && figure(it)),
        digits,
      );
    const against = (figure: (figures: OutboxFigures) => number) =>
      spread(
        outboxFigures.map(({ [name]: it, [floor]: bare }) => it && bare && figure(it) / figure(bare)),
        2,
      );
    return [
      name,
      of((it) => it.putsPerSecond),
      of((it) => it.cpuMicrosecondsPerPut),
      against((it) => it.cpuMicrosecondsPerPut),
      of((it) => it.deliveriesPerSecond),
      of((it) => it.cpuMicrosecondsPerDelivery),
      against((it) => it.cpuMicrosecondsPerDelivery),
    ];
  });
  const head = ["", "puts/s", "CPU µs per put", "to bare", "deliveries/s", "CPU µs per delivery", "to bare"];
  return table(head, rows);
}

function listeningTable(): string {
  const [nothing = ""] = Object.keys(listening);
  const rows = Object.keys(listening).map((name) => {
    const of = (figure: (figures: ListeningFigures) => number) =>
      spread(
        listeningFigures.map(({ [name]: it }) => it && figure(it)),
        0,
      );
    const ratios = listeningFigures.map(
      ({ [name]: it, [nothing]: least }) => it && least && it.cpuMicrosecondsPerCall / least.cpuMicrosecondsPerCall,
    );
    return [
      name,
      of((it) => it.cpuMicrosecondsPerCall),
      spread(ratios, 2),
      of((it) => it.callsPerSecond),
      of((it) => it.deliveriesPerCall),
    ];
  });
  return table(
    ["`return_code`, gRPC, Redis", "CPU µs per call", "to the first", "calls/s", "deliveries per call"],
    rows,
  );
}
