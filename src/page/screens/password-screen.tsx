// Which password shall it be? Rules are met before one's eyes; what the service refuses is said in plain words.
//
// Typed once, in the clear if one likes: a look finds a slip that a second field only doubles, and password managers
// fill one. Guard: NIST SP 800-63B-4 3.1.1.2 (show the secret), ASVS 5.0 6.2.6, 6.2.7.

import { useEffect, useState } from "preact/hooks";

import { brokenTexts } from "../broken-texts.ts";
import { useSecondsUntil } from "../countdown.ts";
import type { Failure } from "../failure.ts";
import { forgetRequest } from "../kept-request.ts";
import { usePage } from "../page-context.ts";
import { Form } from "../parts/form.tsx";
import { Notice } from "../parts/notice.tsx";
import { PasswordField } from "../parts/password-field.tsx";
import { RuleList } from "../parts/rule-list.tsx";
import { Said } from "../parts/said.tsx";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import { StrengthMeter } from "../parts/strength-meter.tsx";
import { SubmitButton } from "../parts/submit-button.tsx";
import type { FieldError } from "../parts/text-field.tsx";
import { rulesFor } from "../password-rules.ts";
import type { Screen, Show } from "../screen.ts";
import { sayCount } from "../texts/say.ts";
import { useSetback } from "../use-setback.ts";

/** Nobody hurries for a link that lives for days. */
const mostMinutes = 120;

type Props = { readonly screen: Extract<Screen, { kind: "password" }>; readonly show: Show };

export function PasswordScreen({ screen, show }: Props) {
  const { proof, checked, identifier = "" } = screen;
  const { settings, client } = usePage();
  const { texts, language } = settings;
  const words = texts.password;
  const [password, setPassword] = useState("");
  const [error, setError] = useState<FieldError>();
  const [busy, setBusy] = useState<string>();
  const { setback, isResting, meet, clear } = useSetback();
  const left = useSecondsUntil(checked.expiresAt);
  const minutes = Math.max(1, Math.ceil(left / 60));
  const rules = rulesFor(checked.rules, password);

  useEffect(() => {
    if (left === 0 && busy === undefined) show({ kind: "end", end: { kind: "expired" } });
  }, [left, busy]);

  function refuse(names: readonly string[]): void {
    setError({ text: brokenTexts(names, checked.rules, texts.rules.broken, language).join(" ") });
  }

  async function submit(): Promise<void> {
    if (busy !== undefined || isResting) return;
    clear();
    setError(undefined);
    const broken = rules.filter(({ met }) => !met).map(({ name }) => name);
    if (password === "") setError({ text: words.empty });
    else if (broken.length > 0) refuse(broken);
    else await complete();
  }

  async function complete(): Promise<void> {
    setBusy(texts.shared.working);
    const result = await client.complete(proof, password);
    setBusy(undefined);
    if (!result.ok) {
      judge(result.failure);
      return;
    }
    forgetRequest();
    show({ kind: "done", completed: result.answer });
  }

  function judge(failure: Failure): void {
    switch (failure.kind) {
      case "password":
        refuse(failure.rules);
        break;
      case "tooManyTries":
        show({ kind: "end", end: { ...failure, again: screen } });
        break;
      case "rateLimited":
      case "offline":
      case "unavailable":
      case "busy":
      case "botCheck":
      case "fields":
        meet(failure);
        break;
      default:
        show({ kind: "end", end: failure });
    }
  }

  return (
    <ScreenFrame icon="lock" title={words.title}>
      {checked.hint === "" ? null : (
        <p class="account">
          <Said text={words.account} values={{ hint: <bdi class="typed">{checked.hint}</bdi> }} />
        </p>
      )}
      <Notice setback={setback} />
      <Form onSubmit={submit}>
        <PasswordField
          identifier={identifier}
          value={password}
          onValue={(value) => {
            setPassword(value);
            setError(undefined);
          }}
          error={error}
        />
        <StrengthMeter password={password} />
        <RuleList rules={rules} />
        <SubmitButton busy={busy} isResting={isResting}>
          {words.submit}
        </SubmitButton>
      </Form>
      {minutes > mostMinutes ? null : <p class="hint">{sayCount(words.finishInMinutes, minutes, language)}</p>}
    </ScreenFrame>
  );
}
