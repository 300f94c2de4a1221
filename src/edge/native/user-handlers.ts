// What does UserService do? Credentials, wire in, act, wire out.

import type { ServiceImpl } from "@connectrpc/connect";

import type { ListUsersRequest, UpdateUserRequest, UserService } from "../../../gen/rekey/v1/user_service_pb.ts";
import type { UserFilter } from "../../directory/directory.ts";
import type { PasswordPolicy } from "../../password/policy.ts";
import type { ProfileChange } from "../../reset/changed-profile.ts";
import type { ManageUsers } from "../../reset/manage-users.ts";
import { standingOf } from "../../reset/standing.ts";
import { callOf } from "../http/caller-value.ts";
import { pageTokenOf, userIdAfter } from "./page-token.ts";
import { nativeWords } from "./refusals.ts";
import { contactsOf, detailsOf, passwordOf, stateOf, userMessage } from "./wire.ts";

const defaultPageSize = 50;

/** `policy` is for realms that have none of their own. */
export function userHandlers(users: ManageUsers, policy: PasswordPolicy): ServiceImpl<typeof UserService> {
  return {
    createUser: async (request, context) => {
      const password = passwordOf(request.passwordType);
      const user = await users.create(callOf(context), {
        ...(request.userId === "" ? {} : { id: request.userId }),
        profile: {
          ...(request.organizationId === "" ? {} : { organizationId: request.organizationId }),
          userName: request.userName,
          displayName: request.displayName,
          preferredLanguage: request.preferredLanguage,
          state: stateOf(request.state),
          ...contactsOf(request),
        },
        ...(password === undefined ? {} : { password }),
        policy,
      });
      return { user: userMessage(user) };
    },

    getUser: async ({ userId }, context) => ({ user: userMessage(await users.get(callOf(context), userId)) }),

    listUsers: async (request, context) => {
      const size = request.pageSize || defaultPageSize;
      const after = userIdAfter(request.pageToken);
      // One more than asked for tells whether there is a next page.
      const page = { size: size + 1, ...(after === undefined ? {} : { after }) };
      const found = await users.list(callOf(context), filterOf(request), page);
      const last = found.length > size ? found[size - 1] : undefined;
      return {
        users: found.slice(0, size).map(userMessage),
        nextPageToken: last === undefined ? "" : pageTokenOf(last.id),
      };
    },

    updateUser: async (request, context) => {
      const password = passwordOf(request.passwordType);
      const user = await users.update(callOf(context), {
        userId: request.user?.userId ?? "",
        fields: fieldsOf(request),
        ...(password === undefined ? {} : { password }),
        policy,
      });
      return { user: userMessage(user) };
    },

    deleteUser: async ({ userId }, context) => {
      return { details: detailsOf(standingOf(await users.delete(callOf(context), userId))) };
    },
  };
}

/** A field that is empty asks for nothing. */
function filterOf(request: ListUsersRequest): UserFilter {
  const { userName, email, phone, organizationId } = request;
  return {
    ...(userName === "" ? {} : { userName }),
    ...(email === "" ? {} : { email }),
    ...(phone === "" ? {} : { phone }),
    ...(organizationId === "" ? {} : { organizationId }),
  };
}

type ProfileFields = { -readonly [Field in keyof ProfileChange]: ProfileChange[Field] };

/** The fields that the mask names. Spec: AIP-134 (a mask that names a field we do not change is refused). */
function fieldsOf({ user, updateMask }: UpdateUserRequest): ProfileFields {
  const fields: ProfileFields = {};
  if (user === undefined) return fields;
  for (const path of updateMask?.paths ?? []) {
    switch (path) {
      case "organization_id":
        fields.organizationId = user.organizationId;
        break;
      case "user_name":
        fields.userName = user.userName;
        break;
      case "display_name":
        fields.displayName = user.displayName;
        break;
      case "preferred_language":
        fields.preferredLanguage = user.preferredLanguage;
        break;
      case "state":
        fields.state = stateOf(user.state);
        break;
      case "email":
        fields.email = contactsOf(user).email;
        break;
      case "phone":
        fields.phone = contactsOf(user).phone;
        break;
      default:
        throw nativeWords.field("update_mask", `${path} cannot be changed`);
    }
  }
  return fields;
}
