// What is the form of a webhook unless its endpoint says otherwise? Our own document, signed as Standard Webhooks says.

import { eventBody, withoutCode } from "./event-body.ts";
import { signWebhook } from "./sign.ts";
import type { WebhookForm } from "./webhook-form.ts";

export const standardForm: WebhookForm = {
  has: () => true,
  write: async (event, { endpoint }) => eventBody(event, { withCode: endpoint.receivesCodes }),
  withoutCode,
  headers: (webhook) => signWebhook(webhook, webhook.endpoint.secrets),
};
