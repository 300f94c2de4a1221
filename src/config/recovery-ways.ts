// Can what strangers ask for reach anybody? A recovery that is open to the public needs a way to bring its messages.

import { listOf, memberOf } from "./draft.ts";
import { custom } from "./forms.ts";

const remedy =
  "Name a provider in `delivery.smtp` and the realm's `mail.from_address`, or one in `delivery.sms` and the realm's " +
  "`sms.countries`, or a webhook endpoint of the realm with `receives_codes`.";

/** Nothing is taken to be in form here: it runs beside the other checks. */
export function recoveryWayProblems(settings: unknown) {
  const delivery = memberOf(settings, "delivery");
  const has = (name: "smtp" | "sms") => listOf(memberOf(delivery, name)).length > 0;
  return listOf(memberOf(settings, "realms")).flatMap((realm, index) => {
    if (memberOf(memberOf(realm, "recovery"), "enabled") !== true) return [];
    const byMail = has("smtp") && memberOf(realm, "mail") !== undefined;
    const byText = has("sms") && listOf(memberOf(memberOf(realm, "sms"), "countries")).length > 0;
    if (byMail || byText || listOf(memberOf(realm, "webhooks")).some(bringsCodes)) return [];
    return [custom("Nothing could bring its messages.", remedy, ["realms", index, "recovery", "enabled"])];
  });
}

function bringsCodes(endpoint: unknown): boolean {
  const events = memberOf(endpoint, "events");
  const wanted = events === undefined || events === "all" || listOf(events).includes("password.reset.requested");
  return wanted && memberOf(endpoint, "receives_codes") === true;
}
