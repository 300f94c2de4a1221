// Is a sum wanted of this machine, and what is its answer? Found out ahead, while the person still types.

import { solveInWorkers } from "./solve-in-workers.ts";
import type { Failure } from "./failure.ts";
import type { RecoveryClient } from "./recovery-client.ts";

export type BotAnswer =
  | { readonly kind: "answer"; readonly proofOfWork: string | undefined }
  | { readonly kind: "failed"; readonly failure: Failure };

export type BotCheck = {
  /** Begins, if it has not begun already. */
  begin(): void;
  /** Each answer is good once. */
  take(): Promise<BotAnswer>;
};

/** Half of what a challenge lives: an older answer may be stale before it arrives. */
const freshMs = 300_000;

export function makeBotCheck(client: Pick<RecoveryClient, "prepare">): BotCheck {
  let current: { readonly answer: Promise<BotAnswer>; readonly since: number } | undefined;

  async function find(): Promise<BotAnswer> {
    const wanted = await client.prepare();
    if (!wanted.ok) return { kind: "failed", failure: wanted.failure };
    const { challenge } = wanted.answer;
    return { kind: "answer", proofOfWork: challenge === undefined ? undefined : await solveInWorkers(challenge) };
  }

  async function findSafely(): Promise<BotAnswer> {
    // A browser without Web Crypto (a page that is not under TLS) cannot do the sum.
    return await find().catch((): BotAnswer => ({ kind: "failed", failure: { kind: "uncheckable" } }));
  }

  return {
    begin() {
      current ??= { answer: findSafely(), since: Date.now() };
    },
    async take() {
      const begun = current;
      current = undefined;
      const found = begun !== undefined && Date.now() - begun.since < freshMs ? await begun.answer : undefined;
      // What failed ahead may work by now.
      return found?.kind === "answer" ? found : await findSafely();
    },
  };
}
