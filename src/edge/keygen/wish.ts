// What does the vendor want of a recovery? Its own token, with the account and the user before it in the link.

import type { RecoveryWish } from "../../reset/recovery-work.ts";
import type { Account } from "./account.ts";
import { keygenDialect } from "./dialect.ts";

export function wishOf(account: Account, { isDelivered }: { readonly isDelivered: boolean }): RecoveryWish {
  return {
    dialect: keygenDialect.name,
    tokenShape: keygenDialect.linkShape,
    isBare: true,
    // Vendor: Keygen invites who has no password to set one.
    firstTemplate: "password_initial",
    link: compositePage(account),
    ...(!isDelivered && { isEventOnly: true }),
  };
}

/** Vendor: Keygen, three parts between two dots, both ids without their hyphens. */
function compositePage({ id, page }: Account): string {
  const composite = `${id.replaceAll("-", "")}.{{.BareUserID}}.{{.Token}}`;
  return page.replaceAll(/\{\{\s*\.Token\s*\}\}/g, composite);
}
