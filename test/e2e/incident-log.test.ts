// Does a link or a code of a recovery come into the log, wherever a browser or a clumsy page puts it? Neither does, nor
// does any answer let a page's address travel on. Guard: ASVS 5.0 14.2.1, 16.2.5; Incident: C26.

import { expect, test } from "vitest";

import { startForRecovery } from "../support/recovering-people.ts";
import { goodPasswords, type TestUser } from "../support/start-production.ts";

const origin = "http://localhost:3000";

test("neither the log nor any answer holds what opens an account", async () => {
  const { service, mail } = await startForRecovery({ origins: [origin], link: `${origin}/recover` });
  const user = await service.makeUser();
  const headers = { "content-type": "application/json", origin };
  const send = async (method: string, path: string, body?: object, more: Record<string, string> = {}) =>
    await fetch(service.address + path, {
      method,
      headers: { ...headers, ...more },
      ...(body && { body: JSON.stringify(body) }),
    });
  const started = await send("POST", "/v1/recovery", { realmId: "acme", identifier: user.email });
  const { recoveryId } = (await started.json()) as { recoveryId: string };
  const { link, code } = await mail(user);
  const token = new URL(link).hash.replace("#token=", "");
  const typed = { recoveryId, verificationCode: code };
  const newPassword = { password: goodPasswords.second };

  const answers = [
    // As a page would that had it in its address, and sent that along.
    await send("POST", "/v1/recovery/check", { proof: { token } }, { referer: `${origin}/recover?token=${token}` }),
    // In queries, paths and headers, where it does not belong.
    await send("GET", `/v1/recovery/check?proof.token=${token}`),
    await send("POST", `/v1/recovery/check?token=${token}&code=${code}`, { proof: { code: typed } }),
    await send("GET", `/recover/${token}`),
    await send("GET", `/${code}?code=${code}`),
    await send("POST", "/v1/recovery/check", { proof: { token } }, { "x-request-id": `${code} ${token}` }),
    await send("POST", "/v1/recovery/check", { proof: { token } }, { "user-agent": token, "x-forwarded-for": code }),
    // Broken ones: what cannot be read is not said again.
    await send("POST", "/v1/recovery/check", { proof: { token: [token] } }),
    await send("POST", "/v1/recovery/check", { proof: { code: { ...typed, verificationCode: [code] } } }),
    await send("POST", "/v1/recovery/complete", {
      proof: { token },
      newPassword: { password: [goodPasswords.second] },
    }),
    await send("POST", "/v1/recovery/complete", { proof: { code: typed }, newPassword: { password: code } }),
    // And as it should be.
    await send("POST", "/v1/recovery/complete", { proof: { code: typed }, newPassword }),
    await send("POST", "/v1/recovery/complete", { proof: { token }, newPassword }),
  ];
  const statuses = answers.map(({ status }) => status);
  expect(statuses.at(-2), "the code was good").toBe(200);
  for (const answer of answers) {
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expectNone(await answer.text(), { token, code, recoveryId });
  }
  await service.printed('"audit":"recovery.completed"');
  await service.stop("SIGTERM");
  expect(service.output()).toContain("recovery.checked");
  expectNone(service.output(), { token, code, recoveryId, password: goodPasswords.second, address: user.email });
  expectNoPartOf(service.output(), user);
});

function expectNone(text: string, secrets: Readonly<Record<string, string>>): void {
  const found = Object.entries(secrets).filter(([, secret]) => text.includes(secret) || text.includes(plain(secret)));
  expect(found.map(([name]) => name)).toEqual([]);
}

/** Codes are read without their dash. */
function plain(secret: string): string {
  return secret.replaceAll("-", "");
}

/** The user's id is not secret; whom it is and where messages go is nobody's business. */
function expectNoPartOf(log: string, { phone }: TestUser): void {
  expect(log).not.toContain(phone);
}
