// How strong does it look? Four steps and a word for it; it never keeps anybody from going on.

import { usePage } from "../page-context.ts";
import { strengthOf } from "../strength.ts";

export function StrengthMeter({ password }: { readonly password: string }) {
  const { password: words } = usePage().settings.texts;
  const strength = strengthOf(password);
  const word = ["", words.weak, words.fair, words.good, words.strong][strength] ?? "";
  return (
    <div class={`strength strength-${strength}`}>
      <div class="bars" aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
      </div>
      <p role="status">{word === "" ? null : `${words.strength}: ${word}`}</p>
    </div>
  );
}
