// What does our own API say to a stranger who may be a machine? That an answer is wanted, or why theirs does not do.

import { Code } from "@connectrpc/connect";

import type { BotProblem } from "../../bot-check/bot-check.ts";
import type { RefusalOf } from "../../reset/refusal.ts";
import type { Rendering } from "../http/rich-error.ts";

const botProblems: Readonly<Record<BotProblem, string>> = {
  stale: "the proof of work is too old",
  cheap: "the proof of work is for a lower price than the one of now",
  replayed: "the proof of work was used already",
  foreign: "the proof of work is not for a challenge of this realm",
  wrong: "the proof of work does not solve its challenge",
  captcha_refused: "the provider of the CAPTCHA does not accept the answer",
  captcha_unavailable: "the provider of the CAPTCHA does not answer, a proof of work will do",
};

export const botWords = {
  bot_check_required: (): Rendering => ({
    code: Code.FailedPrecondition,
    reason: "BOT_CHECK_REQUIRED",
    message:
      "many are asking at the moment, or this realm always wants it: call PrepareRecovery, and send what it wants",
  }),
  bot_check_failed: ({ problem }: RefusalOf<"bot_check_failed">): Rendering => ({
    code: Code.FailedPrecondition,
    reason: "BOT_CHECK_FAILED",
    message: `${botProblems[problem]}; call PrepareRecovery again, and send what it wants`,
    metadata: { problem: problem.toUpperCase() },
  }),
};
