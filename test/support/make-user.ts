// How does a test get a user of its own? Asks the running service for one, whose password is the first of the story's.

import { randomUUID } from "node:crypto";

import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import type { Party } from "./native-client.ts";
import { passwords } from "./reset-story.ts";
import type { StartedService } from "./start-service.ts";

export async function makeUser({ facts }: Pick<StartedService, "facts">): Promise<Party> {
  const { address, api_key: apiKey } = facts;
  const userId = randomUUID();
  const users = createClient(UserService, createConnectTransport({ baseUrl: address, httpVersion: "1.1" }));
  await users.createUser(
    {
      userId,
      userName: userId,
      email: { address: `${userId}@example.com`, verified: true },
      passwordType: { case: "password", value: { password: passwords.first } },
    },
    { headers: { authorization: `Bearer ${apiKey}` } },
  );
  return { address, apiKey, userId };
}
