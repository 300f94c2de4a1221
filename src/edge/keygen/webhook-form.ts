// How are the vendor's webhooks written and signed? A JSON:API document with its payload as text, signed by the account's key.

import { hash } from "node:crypto";

import type { WebhookForm } from "../../delivery/webhook/webhook-form.ts";
import type { Directory, User } from "../../directory/directory.ts";
import type { Account } from "./account.ts";
import { currentVersion } from "./call-headers.ts";
import { keygenDialect } from "./dialect.ts";
import { signatureHeaders } from "./sign.ts";
import { userResource } from "./user-resource.ts";

type Payload = { readonly data: object; readonly meta?: { readonly passwordResetToken: string } };
type EventDocument = { readonly data: { readonly attributes: { readonly payload: string } } };

/** Of the vendor's events this is the only one that a reset raises; a change raises none. */
const eventName = "user.password-reset";

export function keygenWebhookForm(deps: {
  readonly directory: Pick<Directory, "find">;
  readonly accountOf: (realmId: string) => Account | undefined;
}): WebhookForm {
  const { directory, accountOf } = deps;

  return {
    has: (type) => type === "password.reset.requested",

    /** A code of another dialect is nothing that the vendor's clients could present. */
    async write(event, { endpoint, id }) {
      if (event.type !== "password.reset.requested" || event.dialect !== keygenDialect.name) return undefined;
      const account = accountOf(event.realmId);
      const user = await directory.find(event.realmId, event.userId);
      if (account === undefined || user === undefined) return undefined;
      const token = endpoint.receivesCodes ? event.code : undefined;
      const payload = payloadOf(user, account.id, token);
      const at = new Date(event.happenedAt).toISOString();
      return documentOf({ id, eventId: event.id, accountId: account.id, url: endpoint.url, at, payload });
    },

    withoutCode(body) {
      const document = JSON.parse(body.toString()) as EventDocument;
      const { data } = document;
      const { meta: _, ...rest } = JSON.parse(data.attributes.payload) as Payload;
      const attributes = { ...data.attributes, payload: JSON.stringify(rest) };
      return Buffer.from(JSON.stringify({ ...document, data: { ...data, attributes } }));
    },

    headers({ realmId, endpoint, at, body }) {
      const account = accountOf(realmId);
      if (account === undefined) throw new Error(`the realm ${realmId} has no account to sign webhooks for`);
      const { pathname, search, hostname } = new URL(endpoint.url);
      const signed = { method: "post", target: pathname + search, host: hostname, at, body };
      const { privateKey, id: accountId } = account;
      return { ...signatureHeaders(signed, { accountId, privateKey }), "keygen-version": currentVersion };
    },
  };
}

function payloadOf(user: User, accountId: string, token: string | undefined): Payload {
  const data = userResource(user, accountId);
  return token === undefined ? { data } : { data, meta: { passwordResetToken: token } };
}

function documentOf(of: {
  readonly id: string;
  readonly eventId: string;
  readonly accountId: string;
  readonly url: string;
  readonly at: string;
  readonly payload: Payload;
}): Buffer {
  const { id, eventId, accountId, url, at, payload } = of;
  const account = `/v1/accounts/${accountId}`;
  const data = {
    id,
    type: "webhook-events",
    attributes: {
      endpoint: url,
      apiVersion: currentVersion,
      // As text, not as an object: the vendor's consumers parse it once more.
      payload: JSON.stringify(payload),
      event: eventName,
      status: "DELIVERING",
      lastResponseCode: null,
      lastResponseBody: null,
      created: at,
      updated: at,
    },
    relationships: { account: { links: { related: account }, data: { type: "accounts", id: accountId } } },
    links: { self: `${account}/webhook-events/${id}` },
    meta: { idempotencyToken: `${hash("sha256", eventId, "hex").slice(0, 62)}v3` },
  };
  return Buffer.from(JSON.stringify({ data }));
}
