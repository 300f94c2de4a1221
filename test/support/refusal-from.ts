// Why was this refused? Waits for the refusal, and fails when the act went well or failed otherwise.

import { expect } from "vitest";

import { Refusal, type RefusalDetails } from "../../src/reset/refusal.ts";

export async function refusalFrom(act: Promise<unknown>): Promise<RefusalDetails> {
  const cause = await act.then(
    () => expect.fail("the act should be refused"),
    (cause: unknown) => cause,
  );
  if (cause instanceof Refusal) return cause.details;
  throw cause;
}
