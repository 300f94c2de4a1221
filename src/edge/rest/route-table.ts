// Which route does a method and a path mean?
//
// The path is split before anything is decoded, so an encoded slash never makes a segment. A literal goes before `*`, `*`
// before `**`, and a branch that leads nowhere is walked back. What follows the last colon is a verb where some route has
// that verb, and part of the segment where none has.

import type { Served } from "../http/served.ts";
import type { FieldPath } from "./field-path.ts";
import { fullName, routesOf, type Route } from "./rule.ts";
import type { Segment, Variable } from "./template.ts";

export type PathValue = { path: FieldPath; text: string };

export type FoundRoute =
  | { kind: "found"; route: Route; values: PathValue[] }
  /** The route's, but its percent-encoding is broken. */
  | { kind: "malformed"; route: Route }
  /** The path is known, with other methods: sorted, for the Allow header. One of their routes says who may know. */
  | { kind: "wrong_method"; allow: string[]; route: Route }
  | { kind: "unknown" };

export type RouteTable = { find(httpMethod: string, path: string): FoundRoute; routes: readonly Route[] };

type Node = { literals: Map<string, Node>; one: Node | undefined; rest: Node | undefined; verbs: Map<string, Leaf> };
/** By HTTP method. */
type Leaf = Map<string, Route>;
/** As sent, and decoded; undefined where the encoding is broken. */
type PathSegment = { raw: string; text: string | undefined };

/** Throws when two routes have the same method and the same pattern, whatever their variables are called. */
export function makeRouteTable(served: readonly Served[]): RouteTable {
  const root = makeNode();
  const routes = served.flatMap(routesOf);
  for (const route of routes) insert(root, route);

  return {
    routes,
    find(httpMethod, path) {
      const segments = splitPath(path);
      const others = new Map<string, Route>();
      const withVerb = splitVerb(segments);
      const route =
        (withVerb && walk(root, withVerb.segments, 0, withVerb.verb, httpMethod, others)) ??
        walk(root, segments, 0, "", httpMethod, others);
      if (route === undefined) {
        const [other] = others.values();
        if (other === undefined) return { kind: "unknown" };
        return { kind: "wrong_method", allow: [...others.keys()].toSorted(), route: other };
      }
      const used = route.template.verb === "" ? segments : withVerb!.segments;
      if (used.some((segment) => segment.text === undefined)) return { kind: "malformed", route };
      return {
        kind: "found",
        route,
        values: route.variables.map(({ at, path }) => ({ path, text: capture(used, at) })),
      };
    },
  };
}

function makeNode(): Node {
  return { literals: new Map(), one: undefined, rest: undefined, verbs: new Map() };
}

function insert(root: Node, route: Route): void {
  const { segments, verb } = route.template;
  const end = segments.reduce(step, root);
  const leaf: Leaf = end.verbs.get(verb) ?? new Map();
  end.verbs.set(verb, leaf);
  const other = leaf.get(route.httpMethod);
  if (other !== undefined) {
    throw new Error(
      `google.api.http of ${fullName(route.method)}: ${route.httpMethod} ${route.pattern} is taken by ` +
        `${fullName(other.method)} with ${other.pattern}`,
    );
  }
  leaf.set(route.httpMethod, route);
}

function step(node: Node, segment: Segment): Node {
  if (segment.kind === "one") return (node.one ??= makeNode());
  if (segment.kind === "rest") return (node.rest ??= makeNode());
  const next = node.literals.get(segment.text) ?? makeNode();
  node.literals.set(segment.text, next);
  return next;
}

/** Visits each node of the tree at most once, so a path cannot make it slow. */
function walk(
  node: Node,
  path: readonly PathSegment[],
  depth: number,
  verb: string,
  httpMethod: string,
  others: Map<string, Route>,
): Route | undefined {
  const segment = path[depth];
  const literal = segment?.text === undefined ? undefined : node.literals.get(segment.text);
  // An empty segment is no value: /users//password names no user.
  const one = segment === undefined || segment.raw === "" ? undefined : node.one;
  return (
    (segment === undefined ? pick(node, verb, httpMethod, others) : undefined) ??
    (literal && walk(literal, path, depth + 1, verb, httpMethod, others)) ??
    (one && walk(one, path, depth + 1, verb, httpMethod, others)) ??
    (node.rest && pick(node.rest, verb, httpMethod, others))
  );
}

function pick(node: Node, verb: string, httpMethod: string, others: Map<string, Route>): Route | undefined {
  const leaf = node.verbs.get(verb);
  if (leaf === undefined) return undefined;
  const route = leaf.get(httpMethod) ?? (httpMethod === "HEAD" ? leaf.get("GET") : undefined) ?? leaf.get("*");
  if (route !== undefined) return route;
  for (const [method, other] of leaf) {
    others.set(method, other);
    if (method === "GET") others.set("HEAD", other);
  }
  return undefined;
}

function splitPath(path: string): PathSegment[] {
  return path
    .slice(1)
    .split("/")
    .map((raw) => ({ raw, text: decode(raw) }));
}

function splitVerb(segments: readonly PathSegment[]): { segments: PathSegment[]; verb: string } | undefined {
  const last = segments.at(-1)!.raw;
  const colon = last.lastIndexOf(":");
  const verb = colon < 0 ? undefined : decode(last.slice(colon + 1));
  if (verb === undefined || verb === "") return undefined;
  const before = last.slice(0, colon);
  return { segments: [...segments.slice(0, -1), { raw: before, text: decode(before) }], verb };
}

/** Spec: google/api/http.proto: of several segments, an encoded slash stays as it is; of one, all is decoded. */
function capture(segments: readonly PathSegment[], { start, end }: Variable): string {
  if (end - start === 1) return segments[start]!.text!;
  return segments
    .slice(start, end)
    .map(({ raw }) =>
      raw
        .split(/(%2F)/i)
        .map((part) => (/^%2F$/i.test(part) ? part : decode(part)))
        .join(""),
    )
    .join("/");
}

function decode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
