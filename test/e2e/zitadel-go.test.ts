// Does a client in the manner of the vendor's own for Go, with a personal access token, work with nothing changed but the
// host? grpc-go, in clear and by TLS, with the token as credentials of each call.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

import { beforeAll, expect, onTestFinished, test } from "vitest";

import { passwords } from "../support/reset-story.ts";
import { mustRun } from "../support/run-command.ts";
import { startService } from "../support/start-service.ts";
import { builtZitadelGo } from "../support/zitadel-go.ts";

/** Its packages are fetched and compiled the first time. */
const buildTimeoutMs = 600_000;

const tls = (name: string) => new URL(`../fixtures/tls/${name}.pem`, import.meta.url).pathname;
const ways = {
  "in clear": { environment: {}, certificate: "" },
  "by TLS": {
    environment: { REKEY_TLS_KEY_FILE: tls("key"), REKEY_TLS_CERTIFICATE_FILE: tls("certificate") },
    certificate: readFileSync(tls("certificate"), "utf8"),
  },
} as const;

/** Each failure: the code of gRPC, its message, and what the program read in the vendor's detail. */
const heard = {
  found: true,
  total: 1,
  name: "Ann",
  nobody: 0,
  again: refused("AlreadyExists", "User already exists", "V3-DKcYh"),
  unknown: refused("NotFound", "User could not be found", "QUERY-Dfbg2"),
  codeLength: 6,
  wrongCode: refused("InvalidArgument", "Code is invalid", "CODE-woT0xc"),
  weakPassword: refused("InvalidArgument", "Password is too short", "DOMAIN-HuJf6"),
  rightCode: "ok",
  sameCodeAgain: refused("FailedPrecondition", "Code not found", "COMMAND-2M9fs"),
  oldPassword: "InvalidArgument: Password is invalid (COMMAND-3M0fs) [credentials COMMAND-3M0fs, 0]",
  newPassword: "ok",
  byPermission: "ok",
  linkSent: "ok",
  foreignLink: refused("InvalidArgument", "URL Template is invalid", "DOMAIN-oGh5e"),
  unknownReset: refused("NotFound", "User could not be found", "COMMAND-SAF4f"),
  withoutUser:
    "InvalidArgument: invalid PasswordResetRequest.UserId: value length must be between 1 and 200 runes, inclusive",
  foreign: refused("PermissionDenied", "Organisation doesn't exist", "AUTH-Bs7Ds"),
  unknownToken: refused("Unauthenticated", "Errors.Token.Invalid", "AUTH-7fs1e"),
};

function refused(code: string, message: string, id: string): string {
  return `${code}: ${message} (${id}) [${id}: ${message}]`;
}

let program: string;
beforeAll(async () => {
  program = await builtZitadelGo();
}, buildTimeoutMs);

test.each(Object.entries(ways))("%s", async (_, { environment, certificate }) => {
  const service = await startService({ environment });
  onTestFinished(async () => await service.close());
  const { address, api_key: token, organization_id: organization } = service.facts;
  const { first, second } = passwords;
  const target = new URL(address).host;
  const given = { target, certificate, token, organization, username: randomUUID(), first, second };
  expect(JSON.parse(await mustRun(program, JSON.stringify(given)))).toEqual({ ...heard, organization });
});
