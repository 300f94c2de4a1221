// What does a path template of google.api.http say?
//
// Spec: google/api/http.proto, "Path template syntax":
//   Template = "/" Segments [ Verb ];   Segments = Segment { "/" Segment };   Segment = "*" | "**" | LITERAL | Variable
//   Variable = "{" FieldPath [ "=" Segments ] "}";   FieldPath = IDENT { "." IDENT };   Verb = ":" LITERAL
// Templates are read at start-up only, so a mistake stops the start and says where it is.

/** One position of the path: a fixed text (percent-decoded), any one segment (`*`), or all that is left (`**`). */
export type Segment = { kind: "literal"; text: string } | { kind: "one" } | { kind: "rest" };

/** A part of the path that becomes a field of the request. */
export type Variable = {
  /** Names of proto fields, joined with dots. */
  fieldPath: string;
  /** The first segment it covers. */
  start: number;
  /** The segment after the last one it covers; Infinity with `**`. */
  end: number;
};

export type Template = { segments: readonly Segment[]; variables: readonly Variable[]; verb: string };

const identifier = /[A-Za-z_][A-Za-z0-9_]*/y;
// Spec: RFC 3986 §3.3 pchar, without the characters that the template syntax uses itself: * : { }
const literal = /(?:[A-Za-z0-9\-._~!$&'()+,;=@]|%[0-9A-Fa-f]{2})+/y;

/** Reads a template. Throws an Error that quotes it and gives the position, counted from 1. */
export function parseTemplate(source: string): Template {
  const segments: Segment[] = [];
  const variables: Variable[] = [];
  let at = 0;

  const fail = (problem: string, position = at): never => {
    throw new Error(`path template "${source}", position ${position + 1}: ${problem}`);
  };
  const skip = (text: string): boolean => {
    if (!source.startsWith(text, at)) return false;
    at += text.length;
    return true;
  };
  const take = (pattern: RegExp, name: string): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found === undefined) return fail(`${name} expected, ${seen()} found`);
    at += found.length;
    return found;
  };
  const seen = (): string => (at < source.length ? `"${String.fromCodePoint(source.codePointAt(at)!)}"` : "the end");
  const takeLiteral = (name: string): string => {
    const start = at;
    try {
      return decodeURIComponent(take(literal, name));
    } catch (error) {
      if (error instanceof URIError) return fail("the percent-encoding is not UTF-8", start);
      throw error;
    }
  };

  const readSegments = (): void => {
    do {
      if (segments.at(-1)?.kind === "rest") fail('nothing may follow "**" but a verb', at - 1);
      readSegment();
    } while (skip("/"));
  };
  const readSegment = (): void => {
    if (skip("**")) segments.push({ kind: "rest" });
    else if (skip("*")) segments.push({ kind: "one" });
    else if (skip("{")) readVariable();
    else segments.push({ kind: "literal", text: takeLiteral("a segment") });
  };
  const readVariable = (): void => {
    const position = at;
    const parts: string[] = [];
    do parts.push(take(identifier, "a field name"));
    while (skip("."));
    const fieldPath = parts.join(".");
    if (variables.some((other) => overlaps(other.fieldPath, fieldPath))) {
      fail(`the field "${fieldPath}" is already bound`, position);
    }
    // Entered before its segments are read, so that a variable inside sees the one around it.
    const variable: Variable = { fieldPath, start: segments.length, end: 0 };
    variables.push(variable);
    if (skip("=")) readSegments();
    else segments.push({ kind: "one" });
    if (!skip("}")) fail(`"}" expected, ${seen()} found`);
    variable.end = segments.at(-1)?.kind === "rest" ? Infinity : segments.length;
  };

  if (!skip("/")) fail(`"/" expected, ${seen()} found`);
  readSegments();
  const verb = skip(":") ? takeLiteral("a verb") : "";
  if (at < source.length) fail(`the end expected, ${seen()} found`);
  return { segments, variables, verb };
}

/** Whether one field path is the other or lies inside it. */
export function overlaps(left: string, right: string): boolean {
  return left === right || left.startsWith(`${right}.`) || right.startsWith(`${left}.`);
}
