// Where nothing goes on: what happened, and what can be done next?

import { useSecondsUntil } from "../countdown.ts";
import { forgetRequest } from "../kept-request.ts";
import { usePage } from "../page-context.ts";
import type { IconName } from "../parts/icon.tsx";
import { BlockedText } from "../parts/blocked-text.tsx";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import { WaitText } from "../parts/wait-text.tsx";
import type { End, Screen, Show } from "../screen.ts";

/** `next`: begin anew, try the same again, or nothing that this page could offer. */
type Looks = { readonly icon: IconName; readonly next: "anew" | "again" | "nothing" };

const looks: { readonly [Kind in End["kind"]]: Looks } = {
  expired: { icon: "clock", next: "anew" },
  used: { icon: "lock", next: "anew" },
  replaced: { icon: "message", next: "anew" },
  invalid: { icon: "problem", next: "anew" },
  vetoInvalid: { icon: "problem", next: "nothing" },
  vetoOver: { icon: "clock", next: "nothing" },
  blocked: { icon: "shield", next: "nothing" },
  notReady: { icon: "lock", next: "nothing" },
  closed: { icon: "problem", next: "nothing" },
  uncheckable: { icon: "problem", next: "anew" },
  tooManyTries: { icon: "clock", next: "again" },
  rateLimited: { icon: "clock", next: "again" },
  unavailable: { icon: "problem", next: "again" },
  offline: { icon: "offline", next: "again" },
};

/** Time has passed, or somebody was careful: no fault. */
const calm: ReadonlySet<IconName> = new Set(["clock", "lock", "message", "shield"]);

export function EndScreen({ end, show }: { readonly end: End; readonly show: Show }) {
  const { ends, shared } = usePage().settings.texts;
  const { icon, next } = looks[end.kind];
  const until = next === "again" && "until" in end ? end.until : undefined;
  const isResting = useSecondsUntil(until) > 0;
  const { title, text } = ends[end.kind === "vetoInvalid" ? "invalid" : end.kind];

  const goTo = (screen: Screen) => () => {
    if (screen.kind === "ask") forgetRequest();
    if (!isResting) show(screen);
  };

  return (
    <ScreenFrame icon={icon} tone={calm.has(icon) ? "calm" : "bad"} title={title}>
      <p>{text}</p>
      {end.kind === "blocked" ? <BlockedText until={end.until} /> : null}
      {until === undefined ? null : <WaitText until={until} />}
      {next === "anew" ? (
        <button class="button" type="button" onClick={goTo({ kind: "ask", identifier: "" })}>
          {shared.newMessage}
        </button>
      ) : null}
      {next === "again" && "again" in end ? (
        <button class="button" type="button" aria-disabled={isResting} onClick={goTo(end.again)}>
          {shared.tryAgain}
        </button>
      ) : null}
    </ScreenFrame>
  );
}
