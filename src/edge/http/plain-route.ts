// Which route of an edge that is no RPC do a method and a path mean?

export type PlainRoute<Handler> = {
  /** In upper case. */
  readonly method: string;
  /** A parameter is one whole segment: "/v1/accounts/{account}/passwords". */
  readonly path: string;
  readonly handler: Handler;
};

export type FoundPlainRoute<Route> =
  | { readonly kind: "found"; readonly route: Route; readonly parameters: PlainParameters }
  /** The path is known, with other methods: for the Allow header. */
  | { readonly kind: "wrong_method"; readonly allow: readonly string[] }
  | { readonly kind: "unknown" };

/** What the parameters of the path hold, decoded, by name. Never empty. */
export type PlainParameters = Readonly<Record<string, string>>;

export type FindPlainRoute<Route> = (method: string, path: string) => FoundPlainRoute<Route>;

type Pattern<Route> = { readonly route: Route; readonly form: RegExp };

const parameter = /^\{([A-Za-z]\w*)\}$/;

/** Throws when two routes want the same requests. A fixed text goes before a parameter, whichever stands first. */
export function plainRouteTable<Route extends PlainRoute<unknown>>(routes: readonly Route[]): FindPlainRoute<Route> {
  const ranked = routes.toSorted((one, other) => rank(one.path).localeCompare(rank(other.path)));
  const patterns = ranked.map((route): Pattern<Route> => ({ route, form: formOf(route.path) }));
  const claims = new Set<string>();
  for (const { method, path } of routes) {
    const claim = `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`;
    if (claims.has(claim)) throw new Error(`another route wants what ${method} ${path} does`);
    claims.add(claim);
  }

  return (method, path) => {
    const allow = new Set<string>();
    for (const { route, form } of patterns) {
      const parameters = parametersOf(form.exec(path));
      if (parameters === undefined) continue;
      if (route.method === method) return { kind: "found", route, parameters };
      allow.add(route.method);
    }
    return allow.size === 0 ? { kind: "unknown" } : { kind: "wrong_method", allow: [...allow].toSorted() };
  };
}

/** "0" for each fixed segment and "1" for each parameter, from the left. */
function rank(path: string): string {
  return path
    .split("/")
    .map((segment) => (parameter.test(segment) ? "1" : "0"))
    .join("");
}

function formOf(path: string): RegExp {
  const segments = path.split("/").map((segment) => {
    const name = parameter.exec(segment)?.[1];
    return name === undefined ? RegExp.escape(segment) : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${segments.join("/")}$`);
}

/** Undefined also where the percent-encoding is broken: nothing of ours has such a name. */
function parametersOf(match: RegExpExecArray | null): PlainParameters | undefined {
  if (match === null) return undefined;
  try {
    const raw = Object.entries(match.groups ?? {});
    return Object.fromEntries(raw.map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return undefined;
  }
}
