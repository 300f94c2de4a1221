// Which Liquid do templates speak? One for plain text and one for HTML, both strict, neither with a way to files.
//
// A value is never read as a template, and the HTML engine escapes every output: there is no way around it, because
// the `raw` filter does not exist. Guard: ASVS 5.0 1.3.7; Incident: C17.

import { Liquid, LiquidError, type Template } from "liquidjs";

import type { Report } from "./template-problem.ts";

export type Parsed = { readonly nodes: Template[]; readonly names: readonly string[] };

/** For the texts, the text layout and text messages. */
export const plainText: Liquid = makeEngine({});
/** For the HTML layout. */
export const html: Liquid = makeEngine({ outputEscape: "escape" });

/**
 * Reports what does not parse, names something that is not among `samples`, or does not render with them; then there is
 * nothing to say. `line` is where the source starts in its file.
 */
export function parse(
  engine: Liquid,
  source: string,
  samples: Readonly<Record<string, unknown>>,
  line: number,
  report: Report,
): Parsed | undefined {
  try {
    const nodes = engine.parse(source);
    const { globals } = engine.analyzeSync(nodes);
    const unknown = Object.entries(globals).filter(([name]) => !Object.hasOwn(samples, name));
    for (const [name, uses] of unknown) {
      const row = uses[0]?.location.row ?? 1;
      report(line + row - 1, `Nothing is called ${name} here; there are ${Object.keys(samples).join(", ")}.`);
    }
    if (unknown.length > 0) return undefined;
    const parsed = { nodes, names: Object.keys(globals) };
    render(engine, parsed, samples);
    return parsed;
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    const [row = 1] = error.token.getPosition();
    report(line + row - 1, `It is not Liquid: ${error.message.replace(/, (file|line):.*$/s, "")}.`);
    return undefined;
  }
}

export function render(engine: Liquid, parsed: Parsed, values: Readonly<Record<string, unknown>>): string {
  return String(engine.renderSync(parsed.nodes, values));
}

function makeEngine(escaping: { readonly outputEscape?: "escape" }): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // In memory, and empty: no template reaches the file system.
    templates: {},
    ...escaping,
  });
  liquid.unregisterFilter("raw");
  for (const tag of ["include", "render", "layout", "block"]) delete liquid.tags[tag];
  return liquid;
}
