// May strangers ask in a realm? On the public recovery, or by a vendor's edge that lets them in.

import type { RealmConfiguration } from "../config/configuration.ts";

export function takesRecovery(realm: Pick<RealmConfiguration, "recovery" | "keygen" | "loginRadius">): boolean {
  return (realm.recovery ?? realm.keygen ?? realm.loginRadius) !== undefined;
}
