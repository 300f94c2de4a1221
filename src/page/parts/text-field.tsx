// What does every field have? A label, what helps, and what is wrong, said to those who see and to those who hear.

import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Icon } from "./icon.tsx";

/** A new object, even with the same words, brings the person back to the field. */
export type FieldError = { readonly text: string };

type Props = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  onValue(value: string): void;
  readonly hint?: string | undefined;
  readonly error?: FieldError | undefined;
  readonly input?: InputHTMLAttributes;
  /** Ids of further elements that describe the field. */
  readonly describedBy?: readonly string[];
  /** Beside the input, within its frame. */
  readonly children?: ComponentChildren;
};

export function TextField({ id, label, value, onValue, hint, error, input, describedBy = [], children }: Props) {
  const element = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error !== undefined) element.current?.focus();
  }, [error]);
  const described = [
    ...(error === undefined ? [] : [`${id}-error`]),
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...describedBy,
  ];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="frame">
        <input
          ref={element}
          id={id}
          value={value}
          required
          aria-invalid={error !== undefined}
          {...(described.length === 0 ? {} : { "aria-describedby": described.join(" ") })}
          onInput={(event) => onValue(event.currentTarget.value)}
          {...input}
        />
        {children}
      </div>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          <Icon name="problem" />
          {error.text}
        </p>
      )}
    </div>
  );
}
