// No message? Where to look, and another one as soon as that makes sense.

import { useState } from "preact/hooks";

import { useSecondsUntil } from "../countdown.ts";
import type { KeptRequest } from "../kept-request.ts";
import { usePage } from "../page-context.ts";
import type { Show } from "../screen.ts";
import { sayCount } from "../texts/say.ts";
import { useStart } from "../use-start.ts";
import { Notice } from "./notice.tsx";

export function Resend({ request, show }: { readonly request: KeptRequest; readonly show: Show }) {
  const { settings } = usePage();
  const { sent } = settings.texts;
  const { start, busy, setback } = useStart(show);
  const [isSent, setSent] = useState(false);
  const limited = setback?.kind === "rateLimited" ? setback.until : 0;
  const seconds = useSecondsUntil(Math.max(request.retryAt, limited));

  async function resend(): Promise<void> {
    if (busy !== undefined || seconds > 0) return;
    setSent(false);
    setSent(await start(request.identifier));
  }

  return (
    <div class="resend">
      <p>{sent.nothingThere}</p>
      <Notice setback={setback} />
      <p role="status" class={isSent ? "good" : "unseen"}>
        {busy ?? (isSent ? sent.resent : "")}
      </p>
      <button
        class="button button-quiet"
        type="button"
        aria-disabled={busy !== undefined || seconds > 0}
        onClick={() => void resend()}
      >
        {busy ?? sent.resend}
      </button>
      {seconds > 0 && limited === 0 ? (
        <p class="hint">{sayCount(sent.resendInSeconds, seconds, settings.language)}</p>
      ) : null}
    </div>
  );
}
