// Who are you? One field; the service finds out what was typed.

import { useState } from "preact/hooks";

import { usePage } from "../page-context.ts";
import { Form } from "../parts/form.tsx";
import { Notice } from "../parts/notice.tsx";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import { SubmitButton } from "../parts/submit-button.tsx";
import { type FieldError, TextField } from "../parts/text-field.tsx";
import type { Show } from "../screen.ts";
import { useStart } from "../use-start.ts";

/** What a field of the API takes. */
const longest = 254;

export function AskScreen({ identifier: first, show }: { readonly identifier: string; readonly show: Show }) {
  const { settings, botCheck } = usePage();
  const { identify } = settings.texts;
  const [identifier, setIdentifier] = useState(first);
  const [error, setError] = useState<FieldError>();
  const { start, busy, setback, isResting } = useStart(show);

  function type(value: string): void {
    botCheck.begin();
    setIdentifier(value);
    setError(undefined);
  }

  async function submit(): Promise<void> {
    if (busy !== undefined || isResting) return;
    const typed = identifier.trim();
    if (typed === "") setError({ text: identify.empty });
    else await start(typed);
  }

  return (
    <ScreenFrame icon="key" title={identify.title}>
      <p>{identify.intro}</p>
      <Notice setback={setback} />
      <Form onSubmit={submit}>
        <TextField
          id="identifier"
          label={identify.label}
          value={identifier}
          onValue={type}
          error={error}
          input={{
            name: "identifier",
            autocomplete: "username",
            autocapitalize: "none",
            spellcheck: false,
            dir: "auto",
            maxLength: longest,
          }}
        />
        <SubmitButton busy={busy} isResting={isResting}>
          {identify.submit}
        </SubmitButton>
      </Form>
    </ScreenFrame>
  );
}
