// How is the vendor's ResetPassword webhook written and signed? The profile without its secrets, by the app's secret.
//
// Vendor: LoginRadius, "Webhooks". It has no event for a reset that was only asked for.

import { createHmac } from "node:crypto";

import type { RekeyEvent } from "../../delivery/events.ts";
import type { WebhookForm } from "../../delivery/webhook/webhook-form.ts";
import type { Directory, User } from "../../directory/directory.ts";
import type { Instant } from "../../units.ts";

export function loginRadiusWebhookForm(deps: {
  readonly directory: Pick<Directory, "find">;
  /** The app's own secret. */
  readonly secretOf: (realmId: string) => string | undefined;
}): WebhookForm {
  const { directory, secretOf } = deps;

  return {
    has: (type) => type === "password.reset.completed",

    async write(event) {
      if (event.type !== "password.reset.completed" || event.preventsHook === true) return undefined;
      const user = await directory.find(event.realmId, event.userId);
      return user === undefined ? undefined : Buffer.from(JSON.stringify(documentOf(event, user)));
    },

    withoutCode: (body) => body,

    headers({ realmId, body }) {
      const secret = secretOf(realmId);
      if (secret === undefined) throw new Error(`the realm ${realmId} has no app to sign webhooks for`);
      return { signature: createHmac("sha256", secret).update(body).digest("hex").toUpperCase() };
    },
  };
}

/** The vendor puts the hash of the password in as well; we never do. Guard: ASVS 5.0 14.2.6. */
function documentOf({ id, happenedAt }: RekeyEvent, user: User): object {
  const { email, phone, password } = user;
  return {
    HookName: "resetpassword",
    Time: timeOf(happenedAt),
    HookId: id,
    Data: {
      Uid: user.id,
      UserName: user.userName,
      FullName: user.displayName,
      Email: email === undefined ? [] : [{ Type: "Primary", Value: email.address }],
      EmailVerified: email?.verified === true,
      PhoneId: phone?.number ?? null,
      PhoneIdVerified: phone?.verified === true,
      LastPasswordChangeDate: password.changedAt === undefined ? null : timeOf(password.changedAt),
    },
  };
}

/** Vendor: LoginRadius, UTC to the second. */
function timeOf(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
