// Where does a process die in the middle of the main act? Completes a reset, and kills itself at the step it was told.

import { openStores } from "../../src/compose/open-stores.ts";
import { systemClock } from "../../src/units.ts";
import { call, dialect, resetActs } from "../support/reset-acts.ts";

export type MortalTask = {
  readonly storage: Parameters<typeof openStores>[0];
  readonly userId: string;
  readonly code: string;
  readonly password: string;
  readonly diesAt: Step;
};

/** In the order of the act. */
export const steps = [
  "before the claim",
  "after the claim",
  "before the write",
  "after the write",
  "after the finish",
] as const;
export type Step = (typeof steps)[number];

if (process.argv[1] === import.meta.filename) await completeOrDie(JSON.parse(process.argv[2] ?? "") as MortalTask);

async function completeOrDie({ storage, userId, code, password, diesAt }: MortalTask): Promise<void> {
  const die = (step: Step) => {
    if (step === diesAt) process.kill(process.pid, "SIGKILL");
  };
  const { codes, directory, throttle } = await openStores(storage);
  const { acts } = resetActs(
    {
      throttle,
      codes: {
        ...codes,
        async claim(request) {
          die("before the claim");
          const outcome = await codes.claim(request);
          die("after the claim");
          return outcome;
        },
        async finish(request) {
          const outcome = await codes.finish(request);
          die("after the finish");
          return outcome;
        },
      },
      directory: {
        ...directory,
        async changePassword(change) {
          die("before the write");
          const outcome = await directory.changePassword(change);
          die("after the write");
          return outcome;
        },
      },
    },
    systemClock,
  );
  await acts.completeReset(call, { userId, presented: code, password, changeRequired: false, dialect });
}
