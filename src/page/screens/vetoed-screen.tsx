// What was done against the recovery, and until when does it hold?

import { usePage } from "../page-context.ts";
import { BlockedText } from "../parts/blocked-text.tsx";
import { ScreenFrame } from "../parts/screen-frame.tsx";

export function VetoedScreen({ blockedUntil }: { readonly blockedUntil: number }) {
  const { veto } = usePage().settings.texts;
  return (
    <ScreenFrame icon="shield" tone="good" title={veto.doneTitle}>
      <BlockedText until={blockedUntil} />
      <p>{veto.doneNext}</p>
    </ScreenFrame>
  );
}
