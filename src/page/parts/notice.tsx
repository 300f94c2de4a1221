// What is said above a form when something passes by itself? What it is, and when to try again; nothing typed is lost.

import type { Setback } from "../failure.ts";
import { usePage } from "../page-context.ts";
import { Icon } from "./icon.tsx";
import { WaitText } from "./wait-text.tsx";

export function Notice({ setback }: { readonly setback: Setback | undefined }) {
  const { texts } = usePage().settings;
  const words = () => {
    if (setback === undefined) return null;
    if (setback.kind === "botCheck") return <p>{texts.identify.checkFailed}</p>;
    const { title, text } = texts.ends[setback.kind];
    return (
      <>
        <p class="notice-title">{title}</p>
        <p>{text}</p>
      </>
    );
  };
  return (
    <>
      {/* Always there, so that what comes into it is read out. */}
      <div role="alert">
        {setback === undefined ? null : (
          <div class="notice">
            <Icon name="problem" />
            <div>{words()}</div>
          </div>
        )}
      </div>
      {/* Not in the alert: a count that runs is not read out each second. */}
      {setback?.kind === "rateLimited" ? <WaitText until={setback.until} /> : null}
    </>
  );
}
