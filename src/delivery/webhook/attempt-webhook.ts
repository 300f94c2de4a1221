// What happens when a webhook is due? It is unsealed, signed for this moment and posted; the answer decides what comes next.

import type { Clock, Milliseconds } from "../../units.ts";
import type { Attempt, AttemptOutcome } from "../outbox/outbox.ts";
import type { UnsealPayload } from "../seal.ts";
import type { DisabledEndpoint, EndpointRegister } from "./endpoint-register.ts";
import type { WebhookEndpoint } from "./endpoint.ts";
import { formOf } from "./form-of.ts";
import type { OutgoingWebhook, WebhookForms } from "./webhook-form.ts";
import type { PostOutcome, WebhookPoster } from "./webhook-poster.ts";

type Dependencies = {
  readonly clock: Clock;
  readonly register: Pick<EndpointRegister, "isDisabled" | "disable">;
  readonly endpointsOf: (realmId: string) => readonly WebhookEndpoint[];
  readonly forms: WebhookForms;
  readonly unseal: UnsealPayload;
  readonly poster: Pick<WebhookPoster, "post">;
  /** How long to wait after an attempt that failed, when there were so many before it. */
  readonly delayMs: (attempts: number) => Milliseconds;
  /** For the log: somebody has to tell the endpoint's owner. */
  readonly onDisabled: (disabled: DisabledEndpoint & { readonly realmId: string }) => void;
};

/** The webhook's id is the delivery's: what a receiver saw is what an operator looks up. */
export function makeAttemptWebhook(deps: Dependencies): Attempt {
  const { clock, register, endpointsOf, forms, unseal, poster, delayMs, onDisabled } = deps;

  async function bring(webhook: Omit<OutgoingWebhook, "at">, signal: AbortSignal): Promise<PostOutcome> {
    const { url, allowPrivate, receivesCodes } = webhook.endpoint;
    const form = formOf(forms, webhook.endpoint);
    // The configuration may have changed since the event was announced.
    const body = receivesCodes ? webhook.body : form.withoutCode(webhook.body);
    const headers = form.headers({ ...webhook, body, at: clock.now() });
    return poster.post({ url, allowPrivate, headers, body }, signal);
  }

  async function disable(realmId: string, endpointId: string): Promise<void> {
    const disabled = { endpointId, disabledAt: clock.now(), why: "It answered 410 Gone." };
    await register.disable(realmId, disabled);
    onDisabled({ realmId, ...disabled });
  }

  return async ({ id, realmId, target, payload }, attempts, signal) => {
    if (target.kind !== "webhook") throw new Error(`a delivery by ${target.kind} is no webhook`);
    const endpoint = endpointsOf(realmId).find((each) => each.id === target.endpointId);
    if (endpoint === undefined) return dead("the endpoint is not configured any more");
    if (await register.isDisabled(realmId, endpoint.id)) return dead("the endpoint is disabled");

    const unsealed = unseal(id, payload);
    if (unsealed.kind === "broken") return dead("the sealed event is broken");
    if (unsealed.kind === "unknown_key") {
      // Another process may have the key, or this one when it starts next.
      const problem = `the event is sealed under key ${unsealed.keyId}, which is not configured`;
      return { kind: "retry", problem, delayMs: delayMs(attempts) };
    }
    const outcome = await bring({ realmId, endpoint, id, body: Buffer.from(unsealed.payload) }, signal);
    switch (outcome.kind) {
      case "accepted":
        return { kind: "delivered", by: endpoint.id };
      case "gone":
        await disable(realmId, endpoint.id);
        return dead("the endpoint answered 410 Gone and is disabled now");
      case "failed":
        return {
          kind: "retry",
          problem: outcome.problem,
          delayMs: Math.max(outcome.retryAfterMs ?? 0, delayMs(attempts)),
        };
    }
  };
}

function dead(problem: string): AttemptOutcome {
  return { kind: "dead", problem };
}
