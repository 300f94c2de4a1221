// Where did somebody come from, and where do they go on? What the page was opened with, as far as it is taken.

import { returnUrlProblem } from "../../reset/return-url.ts";
import type { Visit } from "./visit.ts";

export type Origin = {
  /** Empty for nowhere. */
  readonly returnUrl: string;
  readonly state: string;
};

/** As long as the API takes. In bytes. */
const longestState = 200;

/** What is not taken is left out: a wrong address keeps nobody from a new password. Asked again wherever it comes back. */
export function originOf({ caller }: Pick<Visit, "caller">, get: (name: string) => string | null | undefined): Origin {
  const [returnUrl, state] = [get("return_url") ?? "", get("state") ?? ""];
  const isAllowed = returnUrlProblem(returnUrl, caller.realm.recovery?.returnOrigins ?? []) === undefined;
  return { returnUrl: isAllowed ? returnUrl : "", state: Buffer.byteLength(state) > longestState ? "" : state };
}
