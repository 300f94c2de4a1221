// What becomes of codes, and which limits are hit? Counted at the doors of the two stores that decide it.

import type { CodeStore, IssueOutcome, PresentRejection } from "../codes/code-store.ts";
import type { ChargeOutcome, Throttle } from "../throttle/throttle.ts";
import type { Branch } from "./branch.ts";
import type { Count, Meter } from "./meter.ts";

type CountedStores = { readonly codes: CodeStore; readonly throttle: Throttle };
type Outcome = IssueOutcome | PresentRejection | ChargeOutcome | { readonly kind: "good" | "claimed" };

/** The same stores. What they throw is counted with the call that it ends. */
export function countCodes({ codes, throttle }: CountedStores, meter: Meter): CountedStores {
  const issued = meter.counter(
    { name: "rekey_codes_issued_total", help: "Codes and links that were asked of the store, by what came of it." },
    "outcome",
    "realm",
  );
  const presented = meter.counter(
    {
      name: "rekey_codes_presented_total",
      help: "Codes and tokens that were held against the store's, by what came of it.",
    },
    "step",
    "outcome",
    "realm",
  );
  const vetoes = meter.counter({ name: "rekey_vetoes_total", help: "Times that a user said: it was not me." }, "realm");
  const limits = meter.counter(
    { name: "rekey_limit_hits_total", help: "Times that a limit said no, by its row in the table of limits." },
    "limit",
    "realm",
  );
  const checks = presented.at("check");
  const redemptions = presented.at("redeem");

  function countLimit(outcome: Outcome, realmId: string): void {
    if (outcome.kind === "limited" || outcome.kind === "over_budget")
      limits.at(outcome.limit).at(realmId).place.count += 1;
  }

  function counted<O extends Outcome>(outcomes: Branch<Count>, realmId: string, work: Promise<O>): Promise<O> {
    return work.then((outcome) => {
      outcomes.at(outcome.kind).at(realmId).place.count += 1;
      countLimit(outcome, realmId);
      return outcome;
    });
  }

  return {
    codes: {
      ...codes,
      issue: (request) => counted(issued, request.realmId, codes.issue(request)),
      check: (request) => counted(checks, request.realmId, codes.check(request)),
      claim: (request) => counted(redemptions, request.realmId, codes.claim(request)),
      async veto(request) {
        const outcome = await codes.veto(request);
        // An older one is said again.
        if (outcome.vetoedAt === request.now) vetoes.at(request.realmId).place.count += 1;
        return outcome;
      },
    },
    throttle: {
      ...throttle,
      async charge(request) {
        const outcome = await throttle.charge(request);
        countLimit(outcome, request.realmId);
        return outcome;
      },
    },
  };
}
