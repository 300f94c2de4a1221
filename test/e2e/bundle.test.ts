// Does a bundled service do what its sources say, and only while it is made from them?

import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { copyProject, type ProjectCopy } from "../support/copy-project.ts";
import {
  eventsAt,
  linkIn,
  mailServer,
  mailTo,
  sendLink,
  setPassword,
  webhookEndpoint,
} from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { mustRun, runCommand } from "../support/run-command.ts";
import { startProduction, stores } from "../support/start-production.ts";
import { startProcess } from "../support/start-process.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

let bundled: ProjectCopy;

beforeAll(async () => {
  bundled = copyProject();
  await mustRun("node", join(bundled.directory, "scripts/build-bundle.ts"));
});
afterAll(() => bundled.remove());

function startIn(directory: string): readonly string[] {
  return [join(directory, "src/start.js")];
}

function copyOfBundled(): string {
  const copy = copyProject(bundled.directory);
  onTestFinished(() => copy.remove());
  return copy.directory;
}

/** What the demo in this directory was started from, and what it says to a probe. */
async function demoIn(directory: string): Promise<{ readonly startedFrom: unknown; readonly says: unknown }> {
  const environment = { REKEY_DATA_DIR: join(directory, "data"), REKEY_LISTEN_PORT: "0" };
  const service = await startProcess(environment, startIn(directory));
  try {
    const { status: says } = (await (await fetch(`${service.address}/healthz`)).json()) as { status: unknown };
    const line =
      service
        .output()
        .split("\n")
        .find((each) => each.includes('"msg":"listening"')) ?? "{}";
    return { ...(JSON.parse(line) as { startedFrom: unknown }), says };
  } finally {
    await service.stop();
  }
}

test.each(stores)(
  "with everything in %s it sends, hashes, judges, tells and shows as from the sources",
  async (store) => {
    const mail = await mailServer();
    const crm = await webhookEndpoint("crm", hmacSecret());
    const service = await startProduction({
      store,
      program: startIn(bundled.directory),
      delivery: { smtp: [mail.setting] },
      acme: {
        webhooks: [crm.setting],
        recovery: { enabled: true, link: "https://app.example.com/recover#{{.Token}}" },
      },
    });
    expect(service.output()).toContain('"startedFrom":"bundle"');
    const user = await service.makeUser();
    await sendLink(service, user);
    const { code } = linkIn((await mailTo(mail.server, user.email)).text);
    expect(await setPassword(service, user, code)).toBe("set");
    await eventually(() => eventsAt(crm.receiver).some(({ event }) => event.type === "password.changed"));
    // For messages that are not plainly valid, protovalidate is loaded when they come.
    const { status, body } = await service.call(`POST /v1/users/${"x".repeat(201)}/password_reset`, { returnCode: {} });
    expect({ status, text: JSON.stringify(body) }).toEqual({ status: 400, text: expect.stringContaining("user_id") });
    const page = await fetch(`${service.address}/recover?realm=acme`);
    expect({ status: page.status, page: await page.text() }).toEqual({
      status: 200,
      page: expect.stringContaining("Acme"),
    });
    expect(await service.stop("SIGTERM")).toBe(0);
  },
);

test("it is started where it was brought to, with other times on its files", async () => {
  expect(await demoIn(copyOfBundled())).toMatchObject({ startedFrom: "bundle", says: "alive" });
});

test("a change of a source is what runs, also one of the same size and with its old time", async () => {
  const directory = copyOfBundled();
  const file = join(directory, "src/compose/make-request-listeners.ts");
  const { atime, mtime, size } = statSync(file);
  writeFileSync(file, readFileSync(file, "utf8").replace('"alive"', '"awake"'));
  utimesSync(file, atime, mtime);
  expect(statSync(file).size).toBe(size);
  expect(await demoIn(directory)).toMatchObject({ startedFrom: "sources", says: "awake" });

  await mustRun("node", join(directory, "scripts/build-bundle.ts"));
  expect(await demoIn(directory)).toMatchObject({ startedFrom: "bundle", says: "awake" });
});

test.each([
  ["other packages", (directory: string) => writeFileSync(join(directory, "package-lock.json"), "{}")],
  ["half a bundle", (directory: string) => rmSync(join(directory, "dist/made-from.json"))],
])("%s: the sources run", async (_, change) => {
  const directory = copyOfBundled();
  change(directory);
  expect(await demoIn(directory)).toMatchObject({ startedFrom: "sources", says: "alive" });
});

test("without the bundler an installation succeeds all the same, and `npm run build` says what is missing", async () => {
  const directory = copyOfBundled();
  rmSync(join(directory, "dist"), { recursive: true });
  const packages = join(bundled.directory, "node_modules");
  rmSync(join(directory, "node_modules"), { recursive: true });
  mkdirSync(join(directory, "node_modules"));
  for (const name of readdirSync(packages).filter((name) => name !== "rolldown")) {
    symlinkSync(join(packages, name), join(directory, "node_modules", name));
  }
  const script = join(directory, "scripts/build-bundle.ts");
  const prepared = await runCommand("node", script, "--if-possible");
  expect(prepared).toMatchObject({ code: 0, stderr: expect.stringContaining("rolldown") });
  expect(await runCommand("node", script)).toMatchObject({ code: 1, stderr: expect.stringContaining("rolldown") });
  expect(await demoIn(directory)).toMatchObject({ startedFrom: "sources" });
});
