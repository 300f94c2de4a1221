// What do the vendor's calls about users do here? Credentials, wire in, act, wire out.

import { timestampFromMs, timestampNow } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";

import type { UserService } from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { CompleteReset } from "../../reset/complete-reset.ts";
import type { ManageUsers } from "../../reset/manage-users.ts";
import type { SearchUsers } from "../../reset/search-users.ts";
import type { SetPassword } from "../../reset/set-password.ts";
import { standingOf } from "../../reset/standing.ts";
import { callOf } from "../http/caller-value.ts";
import { organizationOf } from "./credentials.ts";
import { zitadelDialect as dialect } from "./dialect.ts";
import { searchOf } from "./search-wire.ts";
import { updateOf } from "./update-wire.ts";
import { newUserOf, userMessage, whereUserStands } from "./user-wire.ts";
import { notKept } from "./vendor-error.ts";
import { detailsOf } from "./wire.ts";

export type UserActs = {
  readonly manageUsers: ManageUsers;
  readonly searchUsers: SearchUsers;
  readonly completeReset: CompleteReset;
  readonly setPassword: SetPassword;
};

type UserCalls = "listUsers" | "getUserByID" | "addHumanUser" | "createUser" | "updateUser";

export function userHandlers(acts: UserActs): Pick<ServiceImpl<typeof UserService>, UserCalls> {
  const { manageUsers } = acts;
  const policy = dialect.passwordPolicy;

  return {
    listUsers: async (request, context) => {
      const { users, total } = await acts.searchUsers(callOf(context), searchOf(request));
      return {
        details: {
          totalResult: BigInt(total),
          processedSequence: BigInt(Math.max(0, ...users.map(({ sequence }) => sequence))),
          timestamp: timestampNow(),
        },
        result: users.map(userMessage),
      };
    },

    getUserByID: async ({ userId }, context) => {
      const user = await manageUsers.get(callOf(context), userId);
      return { details: whereUserStands(user), user: userMessage(user) };
    },

    addHumanUser: async (request, context) => {
      const organization = request.organization?.org.value ?? organizationOf(context.requestHeader);
      const user = await manageUsers.create(callOf(context), { ...newUserOf(request, request, organization), policy });
      return { userId: user.id, details: detailsOf(standingOf(user)) };
    },

    createUser: async (request, context) => {
      const { userType, organizationId } = request;
      if (userType.case !== "human") throw notKept("A machine user");
      const asked = newUserOf(userType.value, request, organizationId);
      const user = await manageUsers.create(callOf(context), { ...asked, policy });
      return { id: user.id, creationDate: timestampFromMs(user.createdAt) };
    },

    updateUser: async (request, context) => ({ changeDate: timestampFromMs(await update(request, context)) }),
  };

  async function update(request: Parameters<typeof updateOf>[0], context: HandlerContext): Promise<number> {
    const call = callOf(context);
    const { userId } = request;
    const change = updateOf(request);
    switch (change.kind) {
      case "fields":
        return (await manageUsers.update(call, { userId, policy, ...change })).changedAt;
      case "by_code": {
        const { presented, next } = change;
        return (await acts.completeReset(call, { userId, presented, dialect, ...next })).changedAt;
      }
      case "by_current": {
        const proof = { kind: "current_password" as const, password: change.current };
        return (await acts.setPassword(call, { userId, proof, dialect, ...change.next })).changedAt;
      }
    }
  }
}
