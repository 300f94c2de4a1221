// Which account does a request mean? The one of its host, else the one that its path names, else the only one.

import type { KeyObject } from "node:crypto";

import type { Caller } from "../../reset/caller.ts";
import type { JsonError } from "./json-error.ts";

/** One account of the vendor's, which is one realm of ours. */
export type Account = {
  readonly id: string;
  /** Empty: it has none. */
  readonly slug: string;
  /** Host names that stand for it, in lower case and without a port. */
  readonly hosts: readonly string[];
  /** Ed25519: signs answers and webhooks. */
  readonly privateKey: KeyObject;
  /** The page that the link of a message opens: a URL template with `{{.Token}}`. */
  readonly page: string;
  /** What "a message goes out" is answered with. */
  readonly answerStatus: 202 | 204;
  /** Whoever comes without a credential. */
  readonly stranger: Caller;
};

export type FindAccount = (
  named: string | undefined,
  host: string,
) => { readonly account: Account } | { readonly error: JsonError };

/** Vendor: Keygen, a custom domain is asked before the path. With a single account a path need not name it. */
export function makeFindAccount(accounts: readonly Account[]): FindAccount {
  const ofHost = new Map(accounts.flatMap((account) => account.hosts.map((host) => [host, account] as const)));
  const named = new Map(
    accounts.flatMap((account) => [account.id, account.slug].map((name) => [name, account] as const)),
  );
  named.delete("");
  const only = accounts.length === 1 ? accounts[0] : undefined;

  return (name, host) => {
    const account = ofHost.get(host) ?? (name === undefined ? only : named.get(name.toLowerCase()));
    if (account !== undefined) return { account };
    const detail = name === undefined ? "account is required" : `The requested account '${name}' was not found`;
    return { error: { status: 404, detail, code: "NOT_FOUND" } };
  };
}
