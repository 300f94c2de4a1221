// What do the two screens share that ask for a message, the first time and again? What goes on, and what got in the way.

import { useState } from "preact/hooks";

import { usePage } from "./page-context.ts";
import type { Show } from "./screen.ts";
import { startRecovery } from "./start-recovery.ts";
import { useSetback } from "./use-setback.ts";

/** A check that is over sooner is not worth a word. */
const unnoticedMs = 300;

export function useStart(show: Show) {
  const page = usePage();
  const { texts } = page.settings;
  const [busy, setBusy] = useState<string>();
  const { setback, isResting, meet, clear } = useSetback();

  /** Whether a message is on its way. */
  async function start(identifier: string): Promise<boolean> {
    clear();
    setBusy(texts.shared.working);
    const checking = setTimeout(() => setBusy(texts.identify.checking), unnoticedMs);
    const end = await startRecovery(page, identifier, () => {
      clearTimeout(checking);
      setBusy(texts.shared.working);
    });
    clearTimeout(checking);
    setBusy(undefined);
    if (end.kind === "started") {
      show({ kind: "code", request: end.request });
      return true;
    }
    const { kind } = end.failure;
    if (kind === "closed" || kind === "uncheckable") show({ kind: "end", end: { kind } });
    else meet(end.failure);
    return false;
  }

  return { start, busy, setback, isResting };
}
