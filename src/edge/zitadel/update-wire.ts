// What does an update of the vendor's change? Fields by permission, or a password by a proof: one or the other.

import { Code } from "@connectrpc/connect";

import type {
  SetPassword,
  UpdateUserRequest,
  UpdateUserRequest_Human,
} from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { ProfileChange } from "../../reset/changed-profile.ts";
import type { FirstPassword } from "../../reset/manage-users.ts";
import { emailOf, languageOf, passwordOf, phoneOf } from "./user-wire.ts";
import { notKept, vendorError } from "./vendor-error.ts";

export type Update =
  | { readonly kind: "fields"; readonly fields: ProfileChange; readonly password?: FirstPassword }
  | { readonly kind: "by_code"; readonly presented: string; readonly next: NextPassword }
  | { readonly kind: "by_current"; readonly current: string; readonly next: NextPassword };

type NextPassword = { readonly password: string; readonly changeRequired: boolean };

export function updateOf({ username, userType }: UpdateUserRequest): Update {
  if (userType.case === "machine") throw notKept("A machine user");
  const human = userType.value;
  const fields = { ...(username === undefined ? {} : { userName: username }), ...(human && fieldsOf(human)) };
  const { password } = human ?? {};
  if (password === undefined) return { kind: "fields", fields };
  const next = newPassword(password);
  const { verification } = password;
  if (verification.case === undefined) return { kind: "fields", fields, password: next };
  // Two acts, of which the first could not be undone. Nobody proves a password to import a hash.
  if (Object.keys(fields).length > 0 || next.kind === "hash") {
    throw notKept("A proven password together with other changes, or as a hash,");
  }
  return verification.case === "verificationCode"
    ? { kind: "by_code", presented: verification.value, next }
    : { kind: "by_current", current: verification.value, next };
}

function newPassword({ passwordType }: SetPassword): FirstPassword {
  const next = passwordOf(passwordType);
  if (next !== undefined) return next;
  throw vendorError({ code: Code.InvalidArgument, id: "COMMAND-3klek4sbns", message: "Password is empty" });
}

function fieldsOf({ profile, email, phone }: UpdateUserRequest_Human): ProfileChange {
  if (phone?.phone === "" && phone.verification.case !== undefined) {
    const message = "Verifying the removal of a phone is not supported";
    throw vendorError({ code: Code.InvalidArgument, id: "USERv2-4f3d6", message });
  }
  const { givenName: given, familyName: family, nickName: nick } = profile ?? {};
  const name = {
    ...(given === undefined ? {} : { given }),
    ...(family === undefined ? {} : { family }),
    ...(nick === undefined ? {} : { nick }),
  };
  return {
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(profile?.displayName === undefined ? {} : { displayName: profile.displayName }),
    ...(profile?.preferredLanguage === undefined ? {} : { preferredLanguage: languageOf(profile.preferredLanguage) }),
    ...(email && { email: emailOf(email) }),
    ...(phone && { phone: phoneOf(phone) }),
  };
}
