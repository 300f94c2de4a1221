// Does the official client of Zitadel work with nothing changed but the address and the token?

import { randomUUID } from "node:crypto";

import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createServerTransport } from "@zitadel/client/node";
import { createUserServiceClient } from "@zitadel/client/v2";
import { createClientTransport } from "@zitadel/client/web";
import { ErrorDetailSchema, CredentialsCheckErrorSchema } from "@zitadel/proto/zitadel/message_pb.js";
import { UserState } from "@zitadel/proto/zitadel/user/v2/user_pb.js";
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

  test("a user is made, found by every name, read, changed and found again", async () => {
    const { address, api_key: apiKey, organization_id: organizationId } = service.facts;
    const users = createUserServiceClient(open({ address, apiKey, userId: "" }));
    const name = randomUUID();
    const email = { email: `${name}@example.com`, verification: { case: "isVerified" as const, value: true } };
    const phone = `+1415${String(Math.floor(Math.random() * 1e7)).padStart(7, "0")}`;
    const { userId, details } = await users.addHumanUser({
      username: name,
      organization: { org: { case: "orgId", value: organizationId } },
      profile: { givenName: "Ann", familyName: "Example", preferredLanguage: "de" },
      email,
      phone: { phone, verification: { case: "isVerified", value: true } },
      passwordType: { case: "password", value: { password: passwords.first } },
    });
    expect(details?.resourceOwner).toBe(organizationId);
    const queries = [
      { case: "loginNameQuery" as const, value: { loginName: name } },
      { case: "userNameQuery" as const, value: { userName: name } },
      { case: "emailQuery" as const, value: { emailAddress: email.email } },
      { case: "phoneQuery" as const, value: { number: phone } },
      { case: "inUserIdsQuery" as const, value: { userIds: [userId] } },
    ];
    for (const query of queries) {
      const { result, details: list } = await users.listUsers({ queries: [{ query }] });
      expect([result.map((user) => user.userId), list?.totalResult]).toEqual([[userId], 1n]);
    }
    const { user } = await users.getUserByID({ userId });
    expect(user).toMatchObject({ username: name, preferredLoginName: name, state: UserState.ACTIVE });
    expect(user?.type.value).toMatchObject({ profile: { givenName: "Ann", displayName: "Ann Example" } });
    const renamed = await users.updateUser({ userId, username: `${name}-2` });
    expect(renamed.changeDate).toBeDefined();
    expect((await users.listUsers({ queries: [{ query: queries[0]! }] })).result).toEqual([]);
  });

  test("CreateUser and UpdateUser take passwords, and tell of failures as the vendor does", async () => {
    const { address, api_key: apiKey, organization_id: organizationId } = service.facts;
    const users = createUserServiceClient(open({ address, apiKey, userId: "" }));
    const username = randomUUID();
    const human = {
      profile: { givenName: "Ann", familyName: "Example" },
      email: { email: `${username}@example.com` },
      passwordType: { case: "password" as const, value: { password: passwords.first } },
    };
    const userType = { case: "human" as const, value: human };
    const { id: userId } = await users.createUser({ organizationId, username, userType });
    expect(await failureOf(users.createUser({ organizationId, username, userType }))).toEqual({
      code: Code.AlreadyExists,
      text: "User already exists (V3-DKcYh)",
      id: "V3-DKcYh",
      message: "User already exists",
    });
    const change = async (currentPassword: string) => {
      const passwordType = { case: "password" as const, value: { password: passwords.second } };
      const verification = { case: "currentPassword" as const, value: currentPassword };
      const password = { passwordType, verification };
      return await users.updateUser({ userId, userType: { case: "human", value: { password } } });
    };
    expect(await failureOf(change("wrong"))).toMatchObject({ code: Code.InvalidArgument, id: "COMMAND-3M0fs" });
    expect((await change(passwords.first)).changeDate).toBeDefined();
    expect(await failureOf(users.getUserByID({ userId: "nobody" }))).toMatchObject({ id: "QUERY-Dfbg2" });
    expect(await failureOf(users.lockUser({ userId }))).toMatchObject({ code: Code.Unimplemented, id: undefined });
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
