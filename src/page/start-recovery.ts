// How is a message asked for? With the answer to the check against robots, which may be stale and is then found anew.

import type { Failure } from "./failure.ts";
import { type KeptRequest, keepRequest } from "./kept-request.ts";
import { type Origin, readOrigin } from "./page-address.ts";
import type { Page } from "./page-context.ts";

export type StartEnd =
  | { readonly kind: "started"; readonly request: KeptRequest }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The first answer may have been found before the price rose; a second and a third one are fresh. */
const mostTries = 3;

const nowhere: Origin = { state: "", returnUrl: "" };

/** `onAnswered`: this machine has done its sum, and the service is asked. */
export async function startRecovery(
  { client, botCheck }: Pick<Page, "client" | "botCheck">,
  identifier: string,
  onAnswered: () => void,
): Promise<StartEnd> {
  let origin = readOrigin();
  let failure: Failure = { kind: "botCheck" };
  for (let tries = 0; tries < mostTries; tries += 1) {
    const answer = await botCheck.take();
    if (answer.kind === "failed") return answer;
    onAnswered();
    const result = await client.start(identifier, origin, answer.proofOfWork);
    if (result.ok) {
      const request = { ...result.answer, identifier };
      keepRequest(request);
      return { kind: "started", request };
    }
    failure = result.failure;
    if (isOfOrigin(failure)) origin = nowhere;
    else if (failure.kind !== "botCheck") break;
  }
  return { kind: "failed", failure };
}

/** What the service does not take of the address is the link's fault, not the person's: it goes on without. */
function isOfOrigin(failure: Failure): boolean {
  return failure.kind === "fields" && failure.fields.some((field) => field === "state" || field === "return_url");
}
