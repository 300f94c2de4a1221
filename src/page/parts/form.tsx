// What happens when a form is sent? The screen does it: the browser neither judges the fields nor leaves the page.

import type { ComponentChildren } from "preact";

type Props = { readonly onSubmit: () => Promise<void>; readonly children: ComponentChildren };

export function Form({ onSubmit, children }: Props) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}
