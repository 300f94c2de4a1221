// What does a call want of the message, in the words of the rules? A page, a template, a token or a code.

import type { RecoveryWish } from "../../reset/recovery-work.ts";
import { loginRadiusDialect } from "./dialect.ts";
import type { VendorCall } from "./credentials.ts";
import { missing } from "./vendor-error.ts";

const { name: dialect, linkShape, returnedShape } = loginRadiusDialect;

export const tokenWish: RecoveryWish = { dialect, tokenShape: linkShape };
export const codeWish: RecoveryWish = { dialect, codeShape: returnedShape };

/** For a mail with a link. */
export function linkWish(call: VendorCall): RecoveryWish {
  return { ...tokenWish, link: resetPage(call), ...templateOf(call, "emailtemplate") };
}

/** For a message with a one-time password. `name`: of the parameter that may name its template. */
export function otpWish(call: VendorCall, name: "emailtemplate" | "smstemplate"): RecoveryWish {
  return { ...codeWish, ...templateOf(call, name) };
}

/**
 * Vendor: LoginRadius, `#Url#?vtype=reset&vtoken=#GUID#`; a page may come without its scheme. Whether the page is one of
 * the realm's is for the rules to say.
 */
function resetPage({ app, query }: VendorCall): string {
  const page = query.text("resetpasswordurl") ?? app.resetUrl;
  if (page === undefined) throw missing("resetpasswordurl");
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(page) ? page : `https://${page}`;
  return `${url}${url.includes("?") ? "&" : "?"}vtype=reset&vtoken={{.Token}}`;
}

function templateOf({ query, body }: VendorCall, name: string): { readonly template?: string } {
  const template = query.text(name) ?? body.text(name);
  return template === undefined ? {} : { template };
}
