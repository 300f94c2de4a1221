// How does a script's answer become a tagged union? By a table with one row per kind; a missing row does not compile.

/** What a script returns: the kind, then its values. */
export type Reply = readonly [kind: string, ...values: (string | number)[]];

export type OutcomeTable<Outcome extends { readonly kind: string }> = {
  readonly [Kind in Outcome["kind"]]: (reply: Reply) => Extract<Outcome, { readonly kind: Kind }>;
};

export function toOutcome<Outcome extends { readonly kind: string }>(
  table: OutcomeTable<Outcome>,
  answer: unknown,
): Outcome {
  const reply = answer as Reply;
  const kind = reply[0] as Outcome["kind"];
  if (!Object.hasOwn(table, kind)) throw new Error(`a script answered "${kind}", which nobody expects`);
  return table[kind](reply);
}
