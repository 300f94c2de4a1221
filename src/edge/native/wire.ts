// How do our messages become what the acts speak of, and back? Pure conversions, both ways side by side.

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";

import { DetailsSchema, type Details } from "../../../gen/rekey/v1/details_pb.ts";
import {
  type HashedPassword,
  type NewPassword,
  NotificationType,
  type PasswordResetRequest,
} from "../../../gen/rekey/v1/password_service_pb.ts";
import { type UserSchema, UserState } from "../../../gen/rekey/v1/user_service_pb.ts";
import type { User } from "../../directory/directory.ts";
import type { FirstPassword } from "../../reset/manage-users.ts";
import type { ResetMedium } from "../../reset/request-reset.ts";
import { type Standing, standingOf } from "../../reset/standing.ts";

export function mediumOf({ medium }: PasswordResetRequest): ResetMedium {
  if (medium.case === "returnCode") return { kind: "return_code" };
  const link = medium.value;
  return {
    kind: "send_link",
    channel: link?.notificationType === NotificationType.SMS ? "sms" : "email",
    ...(link?.urlTemplate === undefined ? {} : { urlTemplate: link.urlTemplate }),
    ...(link?.template === undefined ? {} : { template: link.template }),
    ...(link?.language === undefined ? {} : { language: link.language }),
  };
}

export function detailsOf(standing: Standing): Details {
  return create(DetailsSchema, {
    sequence: BigInt(standing.sequence),
    changeDate: timestampFromMs(standing.changedAt),
    resourceOwner: standing.organizationId,
    creationDate: timestampFromMs(standing.createdAt),
  });
}

/** What a request says of a first or a new password; `undefined` for nothing. */
export function passwordOf(
  type:
    | { case: "password"; value: NewPassword }
    | { case: "hashedPassword"; value: HashedPassword }
    | { case: undefined; value?: undefined },
): FirstPassword | undefined {
  switch (type.case) {
    case "password":
      return { kind: "clear", password: type.value.password, changeRequired: type.value.changeRequired };
    case "hashedPassword":
      return { kind: "hash", hash: type.value.hash, changeRequired: type.value.changeRequired };
    default:
      return undefined;
  }
}

const stateNames: ReadonlyMap<UserState, User["state"]> = new Map([
  [UserState.ACTIVE, "active"],
  [UserState.INACTIVE, "inactive"],
  [UserState.LOCKED, "locked"],
  [UserState.INITIAL, "initial"],
]);
const stateNumbers = new Map([...stateNames].map(([number, name]) => [name, number]));

/** Unspecified is active. */
export function stateOf(state: UserState): User["state"] {
  return stateNames.get(state) ?? "active";
}

/** What a user in the directory and a user on the wire have alike. */
type Contacts = {
  readonly email?: { readonly address: string; readonly verified: boolean } | undefined;
  readonly phone?: { readonly number: string; readonly verified: boolean } | undefined;
};

/** The optional contact fields by themselves. */
export function contactsOf(message: Contacts): Pick<User, "email" | "phone"> {
  const { email, phone } = message;
  return {
    ...(email === undefined ? {} : { email: { address: email.address, verified: email.verified } }),
    ...(phone === undefined ? {} : { phone: { number: phone.number, verified: phone.verified } }),
  };
}

export function userMessage(user: User): MessageInitShape<typeof UserSchema> {
  return {
    userId: user.id,
    organizationId: user.organizationId,
    userName: user.userName,
    displayName: user.displayName,
    ...contactsOf(user),
    preferredLanguage: user.preferredLanguage,
    state: stateNumbers.get(user.state) ?? UserState.UNSPECIFIED,
    password: {
      set: user.password.set,
      changeRequired: user.password.changeRequired,
      ...(user.password.changedAt === undefined ? {} : { changeDate: timestampFromMs(user.password.changedAt) }),
    },
    details: detailsOf(standingOf(user)),
    ...(user.sessionsValidFrom === undefined ? {} : { sessionsValidFrom: timestampFromMs(user.sessionsValidFrom) }),
  };
}
