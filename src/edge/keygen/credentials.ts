// Who changes a password with the old one? An application with an API key of the account's realm, in place of a token.

import type { IdentifyCaller } from "../../reset/api-key.ts";
import type { Caller } from "../../reset/caller.ts";
import { bearerOf } from "../http/bearer.ts";
import type { Account } from "./account.ts";
import { Refused } from "./controlled.ts";

export type Authenticate = (headers: Headers, account: Account) => Caller;

/** A key of another account is no key here. */
export function makeAuthenticate(identify: IdentifyCaller): Authenticate {
  return (headers, account) => {
    const bearer = bearerOf(headers);
    const caller = bearer.kind === "token" ? identify(bearer.token) : undefined;
    if (caller?.realm.id === account.stranger.realm.id) return caller;
    const detail = "You must be authenticated to complete the request";
    throw new Refused({ status: 401, detail }, "unauthenticated");
  };
}
