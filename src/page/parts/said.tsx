// How does a text get values that are more than text? Like `say`, with elements in its places.

import { Fragment, type ComponentChild } from "preact";

export function Said({
  text,
  values,
}: {
  readonly text: string;
  readonly values: Readonly<Record<string, ComponentChild>>;
}) {
  const parts = text.split(/\{([a-zA-Z]+)\}/);
  return <>{parts.map((part, index) => (index % 2 === 0 ? part : <Fragment key={part}>{values[part]}</Fragment>))}</>;
}
