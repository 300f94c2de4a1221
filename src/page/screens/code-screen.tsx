// Is a message there? The code from it can be typed; another message can be asked for when it is time.

import { useState } from "preact/hooks";

import type { Failure } from "../failure.ts";
import { forgetRequest, type KeptRequest } from "../kept-request.ts";
import { usePage } from "../page-context.ts";
import { Form } from "../parts/form.tsx";
import { Notice } from "../parts/notice.tsx";
import { Resend } from "../parts/resend.tsx";
import { Said } from "../parts/said.tsx";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import { SubmitButton } from "../parts/submit-button.tsx";
import { type FieldError, TextField } from "../parts/text-field.tsx";
import type { Show } from "../screen.ts";
import { useSetback } from "../use-setback.ts";

/** What a field of the API takes: a code with what people put around it. */
const longest = 40;

export function CodeScreen({ request, show }: { readonly request: KeptRequest; readonly show: Show }) {
  const { settings, client } = usePage();
  const { sent, code: words, shared, ends } = settings.texts;
  const [code, setCode] = useState("");
  const [error, setError] = useState<FieldError>();
  const [busy, setBusy] = useState<string>();
  const { setback, isResting, meet, clear } = useSetback();

  async function submit(): Promise<void> {
    if (busy !== undefined || isResting) return;
    clear();
    const typed = plain(code);
    setError(typed === "" ? { text: words.empty } : undefined);
    if (typed === "") return;
    setBusy(shared.working);
    const proof = { kind: "code", recoveryId: request.recoveryId, code: typed } as const;
    const result = await client.check(proof);
    setBusy(undefined);
    if (result.ok) show({ kind: "password", proof, checked: result.answer, identifier: request.identifier });
    else judge(result.failure);
  }

  function judge(failure: Failure): void {
    switch (failure.kind) {
      case "invalid":
      case "fields":
        setError({ text: words.wrong });
        break;
      case "replaced":
        setError({ text: ends.replaced.text });
        break;
      case "expired":
      case "used":
      case "blocked":
      case "notReady":
      case "closed":
        show({ kind: "end", end: failure });
        break;
      case "tooManyTries":
        show({ kind: "end", end: { ...failure, again: { kind: "code", request } } });
        break;
      default:
        meet(failure);
    }
  }

  return (
    <ScreenFrame icon="message" title={sent.title}>
      <p>
        <Said text={sent.intro} values={{ identifier: <bdi class="typed">{request.identifier}</bdi> }} />
      </p>
      <p>{sent.anyDevice}</p>
      <Notice setback={setback} />
      <Form onSubmit={submit}>
        <TextField
          id="code"
          label={words.label}
          value={code}
          onValue={(value) => {
            setCode(value);
            setError(undefined);
          }}
          hint={words.hint}
          error={error}
          input={{
            name: "code",
            class: "code",
            inputMode: "text",
            autocomplete: "one-time-code",
            autocapitalize: "characters",
            spellcheck: false,
            dir: "ltr",
            maxLength: longest,
          }}
        />
        <SubmitButton busy={busy} isResting={isResting}>
          {words.submit}
        </SubmitButton>
      </Form>
      <p class="request-number">
        <Said
          text={shared.requestNumber}
          values={{ requestNumber: <bdi class="number">{request.requestNumber}</bdi> }}
        />
        <span class="hint">{shared.requestNumberHint}</span>
      </p>
      <Resend request={request} show={show} />
      <p>
        <button
          class="link-button"
          type="button"
          onClick={() => {
            forgetRequest();
            show({ kind: "ask", identifier: "" });
          }}
        >
          {sent.other}
        </button>
      </p>
    </ScreenFrame>
  );
}

/** Spaces and dashes of every kind, which mail programs put in, as those of a keyboard: the service passes over them. */
function plain(code: string): string {
  return code
    .replaceAll(/\p{Pd}/gu, "-")
    .replaceAll(/\s/g, " ")
    .trim();
}
