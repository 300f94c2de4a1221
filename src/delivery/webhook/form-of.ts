// Which form do an endpoint's webhooks have? The one that it names, else the standard one.

import type { WebhookEndpoint } from "./endpoint.ts";
import { standardForm } from "./standard-form.ts";
import type { WebhookForm, WebhookForms } from "./webhook-form.ts";

export function formOf(forms: WebhookForms, { id, format }: WebhookEndpoint): WebhookForm {
  const form = format === undefined ? standardForm : forms.get(format);
  if (form === undefined) throw new Error(`the endpoint ${id} wants a form that nobody brought: ${format}`);
  return form;
}
