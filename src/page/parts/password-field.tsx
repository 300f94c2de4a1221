// How is a new password typed? Hidden or shown, pasted or made by a manager, which learns whose it is.

import { useState } from "preact/hooks";

import { usePage } from "../page-context.ts";
import { Icon } from "./icon.tsx";
import { type FieldError, TextField } from "./text-field.tsx";

type Props = {
  /** What the person is called here, if it is known: a manager keeps the password under it. */
  readonly identifier: string;
  readonly value: string;
  onValue(value: string): void;
  readonly error: FieldError | undefined;
};

export function PasswordField({ identifier, value, onValue, error }: Props) {
  const { password } = usePage().settings.texts;
  const [isShown, setShown] = useState(false);
  return (
    <>
      <input
        class="unseen"
        type="text"
        name="username"
        autocomplete="username"
        value={identifier}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <TextField
        id="password"
        label={password.label}
        value={value}
        onValue={onValue}
        error={error}
        describedBy={["password-rules"]}
        input={{
          name: "password",
          autocomplete: "new-password",
          autocapitalize: "none",
          spellcheck: false,
          dir: "ltr",
          ...(isShown ? { type: "text" } : { type: "password" }),
        }}
      >
        <button
          class="reveal"
          type="button"
          aria-controls="password"
          aria-label={isShown ? password.hide : password.show}
          title={isShown ? password.hide : password.show}
          onClick={() => setShown(!isShown)}
        >
          <Icon name={isShown ? "hidden" : "shown"} />
        </button>
      </TextField>
    </>
  );
}
