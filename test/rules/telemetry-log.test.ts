import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterEach, beforeEach, expect, test } from "vitest";

import { makeAudit } from "../../src/telemetry/audit.ts";
import { openLog } from "../../src/telemetry/log.ts";
import { redactFields, redactText } from "../../src/telemetry/redact.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "rekey-log-"));
  file = join(directory, "log");
});
afterEach(() => rm(directory, { recursive: true }));

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const content = await readFile(path, "utf8");
  expect(content.endsWith("\n")).toBe(true);
  return content
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("an entry is one JSON object with level, time, fields and sentence, and nothing else", async () => {
  const log = openLog({ level: "info", destination: file });
  log.info({ port: 8080 }, "listening");
  await log.close();
  const [entry, ...rest] = await linesOf(file);
  expect(rest).toEqual([]);
  expect(Object.keys(entry ?? {})).toEqual(["level", "time", "port", "msg"]);
  expect(entry).toMatchObject({ level: "info", port: 8080, msg: "listening" });
  expect(new Date(String(entry?.["time"])).toISOString()).toBe(entry?.["time"]);
});

test("entries below the level are left out, audit records never", async () => {
  const log = openLog({ level: "error", destination: file });
  log.warn({}, "left out");
  makeAudit(log).record({ event: "code.checked", outcome: "done", requestId: "r", address: "192.0.2.1" });
  log.error({}, "kept");
  await log.close();
  expect((await linesOf(file)).map((entry) => entry["audit"] ?? entry["msg"])).toEqual(["code.checked", "kept"]);
});

// Guard: ASVS 5.0 16.4.1
test("a line break in a value cannot forge an entry", async () => {
  const forged = 'ann\r\n{"level":"info","audit":"password.set","outcome":"done"}\u0085\u2028\u009b2J"\\';
  const log = openLog({ level: "info", destination: file });
  log.info({ user: forged }, forged);
  makeAudit(log).record({ event: "user.read", outcome: "refused", userId: forged, requestId: forged, address: "::1" });
  await log.close();
  const [entry, record, ...rest] = await linesOf(file);
  expect(rest).toEqual([]);
  expect(entry).toMatchObject({ user: forged, msg: forged });
  expect(record).toMatchObject({ audit: "user.read", userId: forged, requestId: forged });
  // What a terminal obeys is escaped in the records of what strangers sent.
  // oxlint-disable-next-line no-control-regex -- it is the subject
  expect((await readFile(file, "utf8")).split("\n")[1]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
});

// Guard: ASVS 5.0 16.2.5
test("secrets and addresses are not written, however deep they stand", async () => {
  const log = openLog({ level: "debug", destination: file });
  const cause = Object.assign(new Error("no mail to ann@example.org"), { command: { args: ["s3cret"] } });
  log.error({ error: new Error("failed for +4915112345678", { cause }) }, "for bob%40example.org and eve@example.org");
  log.debug(
    {
      headers: { Authorization: "Bearer s3cret", "x-api-key": "s3cret", "Set-Cookie": "s3cret" },
      request: { newPassword: { password: "s3cret" }, verification_code: "s3cret", list: [{ code: "s3cret" }] },
      passwordHash: "s3cret",
      token: Buffer.from("s3cret"),
      bytes: Buffer.from("s3cret"),
    },
    "a request",
  );
  await log.close();
  const written = await readFile(file, "utf8");
  for (const hidden of ["s3cret", "ann@", "bob%40", "eve@", "4915112345678", '"command"']) {
    expect(written).not.toContain(hidden);
  }
  expect(written).toContain("***@example.org");
});

test("an error keeps what explains it: type, message, stack, system code and cause", () => {
  const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const { error } = redactFields({ error: new TypeError("no connection", { cause }) });
  expect(error).toMatchObject({
    type: "TypeError",
    message: "no connection",
    stack: expect.stringContaining("telemetry-log.test.ts") as string,
    cause: { type: "Error", message: "refused", code: "ECONNREFUSED" },
  });
});

test("a field that only sounds like a secret is kept", () => {
  const fields = { statusCode: 404, grpcCode: "not_found", encoding: "gzip", userId: "user-1", count: 3, at: null };
  expect(redactFields(fields)).toEqual(fields);
});

test("a group that holds itself ends", () => {
  const group: Record<string, unknown> = { name: "x" };
  group["self"] = group;
  expect(JSON.stringify(redactFields(group))).toContain("[…]");
});

test.each([
  ["ann@example.org", "***@example.org"],
  ["to <ann.b+c@mail.example.org>.", "to <***@mail.example.org>."],
  ["/users?email=ann%40example.org&x=1", "***%40example.org&x=1"],
  ["call +4915112345678 now", "call +*** now"],
  ["2026-11-22T10:00:00+0200", "2026-11-22T10:00:00+0200"],
  ["a @ b", "a @ b"],
  ["10.0.0.1", "10.0.0.1"],
])("in %j addresses are hidden", (written, hidden) => {
  expect(redactText(written)).toBe(hidden);
});

// Guard: ASVS 5.0 16.3.1, 16.3.3
test("an audit record says who, what, when, from where, and how it ended", async () => {
  const log = openLog({ level: "info", destination: file });
  const audit = makeAudit(log, { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6) });
  audit.record({
    event: "password.set_with_code",
    outcome: "refused",
    realmId: "acme",
    callerId: "backend",
    userId: "user-1",
    requestId: "request-1",
    address: "2001:db8::1",
    reason: "code_wrong",
  });
  audit.record({ event: "call.rejected", outcome: "refused", userId: "ann@example.org", requestId: "r", address: "" });
  await log.close();
  expect(await readFile(file, "utf8")).toBe(
    '{"level":"info","time":"2026-01-02T03:04:05.006Z","audit":"password.set_with_code","outcome":"refused",' +
      '"realmId":"acme","callerId":"backend","userId":"user-1","requestId":"request-1","address":"2001:db8::1",' +
      '"reason":"code_wrong"}\n' +
      '{"level":"info","time":"2026-01-02T03:04:05.006Z","audit":"call.rejected","outcome":"refused",' +
      '"userId":"***@example.org","requestId":"r","address":""}\n',
  );
});

test("lines keep their order, audit records among the others", async () => {
  const log = openLog({ level: "info", destination: file });
  const audit = makeAudit(log);
  for (let index = 0; index < 2000; index++) {
    log.info({ index }, "");
    audit.record({ event: "user.read", outcome: "done", requestId: String(index), address: "" });
  }
  await log.close();
  const lines = await linesOf(file);
  const expected = Array.from({ length: 2000 }, (_, index) => [index, String(index)]).flat();
  expect(lines.map((line) => line["index"] ?? line["requestId"])).toEqual(expected);
});

test("after its end the log takes lines and drops them", async () => {
  const log = openLog({ level: "info", destination: file });
  log.info({}, "before");
  await log.close();
  log.info({}, "after");
  log.writeLine("after\n");
  await log.close();
  expect((await linesOf(file)).map(({ msg }) => msg)).toEqual(["before"]);
});

const module = new URL("../../src/telemetry/log.ts", import.meta.url).href;

function runWithLog(script: string) {
  const code = `import { openLog } from ${JSON.stringify(module)}; const log = openLog({ level: "info" }); ${script}`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "pipe"] });
}

test.each([
  ["ends by itself", 'log.info({}, "last");'],
  ["exits", 'log.info({}, "last"); process.exit(0);'],
  ["closes the log", 'log.info({}, "last"); await log.close(); process.exit(0);'],
  ["dies of a fault", 'log.info({}, "last"); setImmediate(() => { throw new Error("fault"); });'],
])("a process that %s leaves no line behind", async (_, script) => {
  const child = runWithLog(script);
  const [output] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  expect(JSON.parse(output)).toMatchObject({ msg: "last" });
});

test("a reader that goes away ends the log, not the process", async () => {
  const child = runWithLog(`
    for (let index = 0; index < 5000; index++) {
      log.info({ index }, "x".repeat(200));
      if (index % 100 === 0) await new Promise(setImmediate);
    }
    await log.close();
    process.exitCode = 7;
  `);
  child.stdout.destroy();
  const [, [exitCode]] = await Promise.all([text(child.stderr), once(child, "close") as Promise<[number]>]);
  expect(exitCode).toBe(7);
});
