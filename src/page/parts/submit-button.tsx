// What does a button look like that has something to do? It says so, stays where it is, and takes no second press.

import type { ComponentChildren } from "preact";

type Props = {
  /** What goes on, while it does. */
  readonly busy: string | undefined;
  /** Not yet: the press is passed over, but the button can be reached. */
  readonly isResting?: boolean;
  readonly children: ComponentChildren;
};

export function SubmitButton({ busy, isResting = false, children }: Props) {
  return (
    <>
      <button class="button" type="submit" aria-disabled={busy !== undefined || isResting}>
        {busy === undefined ? null : <span class="spinner" aria-hidden="true" />}
        {busy ?? children}
      </button>
      <p class="unseen" role="status">
        {busy}
      </p>
    </>
  );
}
