// What has the password to be, and what is it already?

import { usePage } from "../page-context.ts";
import type { Rule } from "../password-rules.ts";
import { sayCount } from "../texts/say.ts";
import { Icon } from "./icon.tsx";

export function RuleList({ rules }: { readonly rules: readonly Rule[] }) {
  const { texts, language } = usePage().settings;
  const { password, rules: words } = texts;
  return (
    <div id="password-rules">
      <p>{password.rules}</p>
      <ul class="rules">
        {rules.map(({ name, count, met }) => {
          const text = words.needs[name];
          return (
            <li key={name} class={met ? "met" : ""}>
              <Icon name={met ? "done" : "open"} />
              <span>
                {typeof text === "string" ? text : sayCount(text, count, language)}
                <span class="unseen">, {met ? password.met : password.unmet}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <p class="hint">{password.advice}</p>
    </div>
  );
}
