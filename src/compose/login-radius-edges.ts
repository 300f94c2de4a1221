// Which realms do LoginRadius's clients call? Each becomes an app with two callers: strangers, and its own server.

import type { LoginRadiusConfiguration, RealmConfiguration } from "../config/configuration.ts";
import { loginRadiusEdge, type LoginRadiusActs } from "../edge/loginradius/routes.ts";
import type { PlainEdge } from "../edge/http/serve-plain.ts";
import type { PublicCallers } from "../reset/public-callers.ts";
import type { Realm } from "../reset/realm.ts";
import type { Clock } from "../units.ts";

export type LoginRadiusRealm = { readonly realm: Realm; readonly settings: LoginRadiusConfiguration };

export function loginRadiusRealms(realms: readonly RealmConfiguration[]): readonly LoginRadiusRealm[] {
  return realms.flatMap((realm) => (realm.loginRadius === undefined ? [] : [{ realm, settings: realm.loginRadius }]));
}

/** None where no realm wants it: its paths are then a plain 404. */
export function loginRadiusEdges(
  realms: readonly LoginRadiusRealm[],
  acts: LoginRadiusActs & { readonly callers: Pick<PublicCallers, "stranger"> },
  clock: Clock,
): readonly PlainEdge[] {
  const apps = realms.flatMap(({ realm, settings }) => {
    const stranger = acts.callers.stranger(realm.id);
    const permissions = new Set(["password.return_code", "password.send_link"] as const);
    return stranger === undefined
      ? []
      : [{ ...settings, stranger, application: { id: "loginradius", realm, permissions } }];
  });
  return apps.length === 0 ? [] : [loginRadiusEdge({ apps, acts, now: () => clock.now() })];
}
