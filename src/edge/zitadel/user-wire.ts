// How does a user of the vendor's become one that the acts speak of, and back?

import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";

import {
  Gender,
  type SetHumanEmail,
  type SetHumanPhone,
  type SetHumanProfile,
  type UserSchema,
  UserState,
} from "../../../gen/zitadel/user/v2/user_pb.ts";
import type {
  AddHumanUserRequest,
  CreateUserRequest_Human,
  HashedPassword,
  Password,
} from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { User, UserProfile } from "../../directory/directory.ts";
import type { FirstPassword } from "../../reset/manage-users.ts";
import { standingOf } from "../../reset/standing.ts";
import { notKept, vendorError } from "./vendor-error.ts";
import { detailsOf } from "./wire.ts";

const stateNumbers: Readonly<Record<User["state"], UserState>> = {
  active: UserState.ACTIVE,
  inactive: UserState.INACTIVE,
  locked: UserState.LOCKED,
  initial: UserState.INITIAL,
};

/** Unlike the answers of the password calls, this one tells since when the user is there. */
export function whereUserStands(user: User) {
  return { ...detailsOf(standingOf(user)), creationDate: timestampFromMs(user.createdAt) };
}

/** Vendor: Zitadel v2, an absent number is an empty message, an absent language "und". */
export function userMessage(user: User): MessageInitShape<typeof UserSchema> {
  const { name, email, phone, password } = user;
  return {
    userId: user.id,
    details: whereUserStands(user),
    state: stateNumbers[user.state],
    username: user.userName,
    loginNames: [user.userName],
    preferredLoginName: user.userName,
    type: {
      case: "human",
      value: {
        profile: {
          givenName: name?.given ?? "",
          familyName: name?.family ?? "",
          nickName: name?.nick ?? "",
          displayName: user.displayName,
          preferredLanguage: user.preferredLanguage || "und",
          gender: Gender.UNSPECIFIED,
        },
        email: { email: email?.address ?? "", isVerified: email?.verified ?? false },
        phone: { phone: phone?.number ?? "", isVerified: phone?.verified ?? false },
        passwordChangeRequired: password.changeRequired,
        ...(password.changedAt === undefined ? {} : { passwordChanged: timestampFromMs(password.changedAt) }),
      },
    },
  };
}

/** What the vendor's two ways of making a user have in common. */
type NewHuman = AddHumanUserRequest | CreateUserRequest_Human;

/** Vendor: Zitadel v2, the user name is the address where none is given; a new user is active. */
export function newUserOf(
  human: NewHuman,
  { userId, username }: { readonly userId?: string | undefined; readonly username?: string | undefined },
  organizationId: string | undefined,
) {
  if (human.metadata.length > 0) throw notKept("Metadata");
  if (human.idpLinks.length > 0) throw notKept("A link to an identity provider");
  if (human.totpSecret !== undefined) throw notKept("A TOTP secret");
  const { profile, email, phone } = human;
  if (profile === undefined || email === undefined) throw new Error("the message was not validated");
  const password = passwordOf(human.passwordType);
  const number = phone && phoneOf(phone);
  const user: Omit<UserProfile, "organizationId"> = {
    userName: (username ?? email.email).trim(),
    ...namesOf(profile),
    preferredLanguage: languageOf(profile.preferredLanguage ?? ""),
    state: "active",
    email: { ...emailOf(email), verified: email.verification.value === true },
    ...(number && { phone: { ...number, verified: number.verified === true } }),
  };
  return {
    ...(userId === undefined ? {} : { id: userId }),
    profile: { ...user, ...(organizationId === undefined ? {} : { organizationId }) },
    ...(password && { password }),
  };
}

function namesOf(profile: SetHumanProfile): Pick<UserProfile, "name" | "displayName"> {
  const [given, family] = [profile.givenName.trim(), profile.familyName.trim()];
  if (given === "") throw blank("USER-UCej2", "First name in profile is empty");
  if (family === "") throw blank("USER-4hB7d", "Last name in profile is empty");
  const displayName = profile.displayName?.trim() || `${given} ${family}`;
  return { name: { given, family, nick: profile.nickName ?? "" }, displayName };
}

function blank(id: string, message: string) {
  return vendorError({ code: Code.InvalidArgument, id, message });
}

/** Verified as the message says; where it says nothing, as it was before. */
export function emailOf({ email, verification }: SetHumanEmail) {
  if (verification.case === "sendCode" || verification.case === "returnCode") throw notKept("A code for an address");
  return { address: email, verified: verification.value === true ? true : ("as_before" as const) };
}

/** `undefined` for none. */
export function phoneOf({ phone, verification }: SetHumanPhone) {
  if (verification.case === "sendCode" || verification.case === "returnCode") throw notKept("A code for a number");
  if (phone === "") return undefined;
  return { number: phone, verified: verification.value === true ? true : ("as_before" as const) };
}

/** What is no language tag is no language, as in the vendor's own reading. */
export function languageOf(tag: string): string {
  return /^(?!und$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : "";
}

export function passwordOf(
  type:
    | { case: "password"; value: Password }
    | { case: "hashedPassword"; value: HashedPassword }
    | { case: undefined; value?: undefined },
): FirstPassword | undefined {
  switch (type.case) {
    case "password":
      return { kind: "clear", password: type.value.password, changeRequired: type.value.changeRequired };
    case "hashedPassword":
      return { kind: "hash", hash: type.value.hash, changeRequired: type.value.changeRequired };
    case undefined:
      return undefined;
  }
}
