// What is every form of the page made of? A step, fields, what is wrong with them, and one button.

import { type Markup, markup } from "./markup.ts";
import type { Visit } from "./visit.ts";

export function form(visit: Visit, step: string, submit: string, fields: Markup, looks = "button"): Markup {
  return markup`<form class="form" method="post" action="${visit.address("/recover")}">
${hidden("step", step)}
${fields}
<button type="submit" class="${looks}">${submit}</button>
</form>`;
}

export type Field = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly wrong?: string | Markup | undefined;
};

/** What is wrong stands beside the field and is read with it. Spec: WCAG 2.2, 1.3.1 and 3.3.1. */
export function input({ id, label, hint, wrong }: Field, attributes: Markup): Markup {
  const notes = [
    ...(hint === undefined ? [] : [{ name: `${id}-hint`, note: markup`<p class="hint" id="${id}-hint">${hint}</p>` }]),
    ...(wrong === undefined
      ? []
      : [{ name: `${id}-error`, note: markup`<div class="error" id="${id}-error" role="alert">${wrong}</div>` }]),
  ];
  const described = notes.map(({ name }) => name).join(" ");
  const state = markup`${described === "" ? undefined : markup` aria-describedby="${described}"`}${
    wrong === undefined ? undefined : markup` aria-invalid="true" autofocus`
  }`;
  return markup`<div class="field">
<label for="${id}">${label}</label>
<div class="frame"><input id="${id}" ${attributes}${state}></div>
${notes.map(({ note }) => note)}
</div>`;
}

export function hidden(name: string, value: string): Markup {
  return markup`<input type="hidden" name="${name}" value="${value}">`;
}
