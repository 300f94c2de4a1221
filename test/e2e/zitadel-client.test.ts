// Does the official client of Zitadel work with nothing changed but the address and the token?

import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createServerTransport } from "@zitadel/client/node";
import { createUserServiceClient } from "@zitadel/client/v2";
import { createClientTransport } from "@zitadel/client/web";
import { ErrorDetailSchema, CredentialsCheckErrorSchema } from "@zitadel/proto/zitadel/message_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeUser } from "../support/make-user.ts";
import type { Party } from "../support/native-client.ts";
import { liveThrough, passwords, zitadelStory, type Proof, type ResetClient } from "../support/reset-story.ts";
import { startService, type StartedService } from "../support/start-service.ts";

const transports: Readonly<Record<string, (party: Party) => Transport>> = {
  "gRPC, as in a server": ({ address, apiKey }) => createServerTransport(apiKey, { baseUrl: address }),
  "gRPC-Web, as in a browser": ({ address, apiKey }) => createClientTransport(apiKey, { baseUrl: address }),
};

let service: StartedService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => await service.close());

describe.each(Object.entries(transports))("%s", (_, open) => {
  test("a code sets a password once, and the old one is dead", async () => {
    const party = await makeUser(service);
    expect(await liveThrough(resetClient(party, open(party)))).toEqual(zitadelStory);
  });

  test("the answers tell where the user stands", async () => {
    const party = await makeUser(service);
    const users = createUserServiceClient(open(party));
    const reset = await users.passwordReset({ userId: party.userId, medium: { case: "returnCode", value: {} } });
    expect(reset.verificationCode).toMatch(/^[A-Z0-9]{6}$/);
    const set = await users.setPassword({
      userId: party.userId,
      newPassword: { password: passwords.second },
      verification: { case: "verificationCode", value: reset.verificationCode ?? "" },
    });
    expect(set.details?.resourceOwner).toBe(service.facts.organization_id);
    expect(set.details?.sequence).toBeGreaterThan(reset.details?.sequence ?? 0n);
    expect(set.details?.changeDate).toBeDefined();
  });

  test("an unknown user is told as the vendor tells it", async () => {
    const party = { ...(await makeUser(service)), userId: "nobody" };
    const users = createUserServiceClient(open(party));
    const reset = users.passwordReset({ userId: "nobody", medium: { case: "returnCode", value: {} } });
    expect(await failureOf(reset)).toEqual({
      code: Code.NotFound,
      text: "User could not be found (COMMAND-SAF4f)",
      id: "COMMAND-SAF4f",
      message: "User could not be found",
    });
    const set = users.setPassword({ userId: "nobody", newPassword: { password: passwords.second } });
    expect(await failureOf(set)).toEqual({
      code: Code.FailedPrecondition,
      text: "Password not found (COMMAND-G8dh3)",
      id: "COMMAND-G8dh3",
      message: "Password not found",
    });
  });

  test("a token that nobody was given opens nothing", async () => {
    const party = await makeUser(service);
    const users = createUserServiceClient(open({ ...party, apiKey: "rk_demo_0000000000000000" }));
    expect(await failureOf(users.passwordReset({ userId: party.userId }))).toMatchObject({
      code: Code.Unauthenticated,
      id: "AUTH-7fs1e",
    });
  });
});

function resetClient({ userId }: Party, transport: Transport): ResetClient {
  const users = createUserServiceClient(transport);
  return {
    async requestCode() {
      const answer = await users.passwordReset({ userId, medium: { case: "returnCode", value: {} } });
      return answer.verificationCode ?? "";
    },
    async setPassword(password, proof) {
      const call = users.setPassword({ userId, newPassword: { password }, verification: verificationOf(proof) });
      return await call.then(() => "set", idOf);
    },
  };
}

function verificationOf(proof: Proof) {
  return "verificationCode" in proof
    ? ({ case: "verificationCode", value: proof.verificationCode } as const)
    : ({ case: "currentPassword", value: proof.currentPassword } as const);
}

function idOf(cause: unknown): string {
  return detailOf(ConnectError.from(cause))?.id ?? String(cause);
}

function detailOf(error: ConnectError) {
  return error.findDetails(ErrorDetailSchema)[0] ?? error.findDetails(CredentialsCheckErrorSchema)[0];
}

async function failureOf(call: Promise<unknown>) {
  const error = ConnectError.from(
    await call.then(
      () => "it was answered",
      (cause: unknown) => cause,
    ),
  );
  const detail = detailOf(error);
  return { code: error.code, text: error.rawMessage, id: detail?.id, message: detail?.message };
}
