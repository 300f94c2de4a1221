// Was it not you? Says what will happen, and does it only when it is confirmed: scanners open links, too.

import { useState } from "preact/hooks";

import type { Failure } from "../failure.ts";
import type { Link } from "../page-address.ts";
import { usePage } from "../page-context.ts";
import { Form } from "../parts/form.tsx";
import { Notice } from "../parts/notice.tsx";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import { SubmitButton } from "../parts/submit-button.tsx";
import type { Show } from "../screen.ts";
import { useSetback } from "../use-setback.ts";

export function VetoScreen({ link, show }: { readonly link: Link; readonly show: Show }) {
  const { settings, client } = usePage();
  const { veto, shared, done } = settings.texts;
  const [wasMe, setWasMe] = useState(false);
  const [busy, setBusy] = useState<string>();
  const { setback, isResting, meet, clear } = useSetback();

  async function submit(): Promise<void> {
    if (busy !== undefined || isResting) return;
    clear();
    setBusy(shared.working);
    const result = await client.veto(link.token);
    setBusy(undefined);
    if (result.ok) show({ kind: "vetoed", blockedUntil: result.answer.blockedUntil });
    else judge(result.failure);
  }

  function judge(failure: Failure): void {
    switch (failure.kind) {
      case "invalid":
      case "fields":
        show({ kind: "end", end: { kind: "vetoInvalid" } });
        break;
      case "expired":
      case "used":
      case "replaced":
        show({ kind: "end", end: { kind: "vetoOver" } });
        break;
      default:
        meet(failure);
    }
  }

  return (
    <ScreenFrame icon="shield" title={veto.title}>
      <p>{veto.intro}</p>
      <ul class="effects">
        {veto.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      <Notice setback={setback} />
      <Form onSubmit={submit}>
        <SubmitButton busy={busy} isResting={isResting}>
          {veto.confirm}
        </SubmitButton>
      </Form>
      <p role="status">{wasMe ? done.close : null}</p>
      {wasMe ? null : (
        <p>
          <button class="link-button" type="button" onClick={() => setWasMe(true)}>
            {veto.wasMe}
          </button>
        </p>
      )}
    </ScreenFrame>
  );
}
