// What was done against the recovery, and until when does it hold?

import { usePage } from "../page-context.ts";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import { say } from "../texts/say.ts";

export function VetoedScreen({ blockedUntil }: { readonly blockedUntil: number }) {
  const { texts, language } = usePage().settings;
  const until = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(blockedUntil);
  return (
    <ScreenFrame icon="shield" tone="good" title={texts.veto.doneTitle}>
      <p>{say(texts.veto.doneText, { until })}</p>
      <p>{texts.veto.doneNext}</p>
    </ScreenFrame>
  );
}
