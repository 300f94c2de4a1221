// Does docs/migrate/loginradius.md lead from nothing to a reset, as it is pasted?

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { linkIn, mailTo } from "../support/delivery-scene.ts";
import { app } from "../support/loginradius-app.ts";
import { runPasted } from "../support/run-command.ts";
import { startProcess } from "../support/start-process.ts";
import { tlsCertificate } from "../support/start-production.ts";
import { startSmtpServer } from "../support/start-smtp-server.ts";

const guide = readFileSync("docs/migrate/loginradius.md", "utf8");
const shell = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block = ""]) => block);
const [prepare = "", , bringUsers = "", ask = "", reset = ""] = shell;
const yaml = /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? "";

test("keys, configuration, a user, a mail, a new password", async () => {
  const directory = mkdtempSync(join(tmpdir(), "rekey-migrate-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const here = (text: string) => text.replaceAll(/\bsecrets\b/g, join(directory, "secrets"));
  const secretFile = join(directory, "vendor-secret");
  writeFileSync(secretFile, `${app.secret}\n`);
  const prepared = await runPasted(`LOGINRADIUS_SECRET_FILE=${secretFile}\n${here(prepare)}`);
  const apiKey = /rk_import_\S+/.exec(prepared.stdout)?.[0] ?? "";
  const digest = /sha256:\S+/.exec(prepared.stdout)?.[0] ?? "";

  const mail = await startSmtpServer({ security: "tls" });
  const file = join(directory, "rekey.yaml");
  const configuration = here(yaml)
    .replace("sha256:…", digest)
    .replace("mail.example.com, port: 465", `localhost, port: ${mail.port}`);
  writeFileSync(file, configuration);
  const service = await startProcess({
    REKEY_CONFIG_FILE: file,
    REKEY_DATA_DIR: join(directory, "data"),
    REKEY_LISTEN_PORT: "0",
    NODE_EXTRA_CA_CERTS: tlsCertificate,
  });
  onTestFinished(async () => void (await service.stop("SIGKILL")));

  const paste = async (command: string, more = "") => {
    const known = `REKEY=${service.address} REKEY_KEY=${apiKey} LOGINRADIUS_KEY=${app.key} ${more}`;
    return JSON.parse((await runPasted(`${known}\n${command}`)).stdout) as Record<string, unknown>;
  };
  expect(await paste(bringUsers)).toMatchObject({ user: { userId: "uid-of-ann" } });
  expect(await paste(ask)).toEqual({ IsPosted: true });
  const { text } = await mailTo(mail, "ann@example.com");
  const link = new URL(linkIn(text).link);
  expect(link.href).toMatch(/^https:\/\/app\.example\.com\/reset-password\?vtype=reset&vtoken=/);
  const token = `TOKEN=${link.searchParams.get("vtoken")}`;
  expect(await paste(reset, token)).toEqual({ IsPosted: true });
  expect(await paste(reset, token)).toMatchObject({ ErrorCode: 974 });
});
