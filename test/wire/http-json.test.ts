// What may stand in a JSON request? What the service knows, and nothing else, unless the service says otherwise.

import { describe, expect, test } from "vitest";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

async function createUser(body: string, lenient = false) {
  const served = echoUsers(lenient ? { jsonOptions: { ignoreUnknownFields: true } } : {});
  const { url } = await startEdge({ served: [served] });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/rekey.v1.UserService/CreateUser`, { method: "POST", headers, body });
  return { status: answer.status, body: (await answer.json()) as { message?: string; user?: object } };
}

describe("a strict service", () => {
  test.each(['{"userName":"ann","state":"USER_STATE_LOCKED"}', '{"user_name":"ann","state":3}'])(
    "takes %s",
    async (body) => {
      expect(await createUser(body)).toEqual({
        status: 200,
        body: { user: { userName: "ann", state: "USER_STATE_LOCKED" } },
      });
    },
  );

  // Guard: ASVS 5.0 15.3.5, 15.3.6
  test.each([
    ["an unknown field", '{"usrName":"ann"}', "usrName"],
    ["an unknown enum name", '{"state":"USER_STATE_LOKED"}', "state must be one of USER_STATE_UNSPECIFIED"],
    ["an object for a string", '{"userName":{}}', "user_name"],
    ["a number for a string", '{"userName":1}', "user_name"],
    ["a list for a message", "[]", "must be a JSON object"],
    ["a prototype key", '{"__proto__":{"userName":"ann"}}', "__proto__"],
    ["no JSON", "{", "the body is not valid JSON"],
  ])("refuses %s, and says which", async (_, body, name) => {
    const answer = await createUser(body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(name);
  });
});

test("a lenient service drops what it does not know", async () => {
  const body = '{"usrName":"bob","userName":"ann","state":"USER_STATE_LOKED"}';
  expect(await createUser(body, true)).toEqual({ status: 200, body: { user: { userName: "ann" } } });
});
