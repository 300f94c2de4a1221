// Where does the CPU time go? Sums a profile of `npm run bench -- --only A --rounds 1 --profile` by who owns the code.
// node bench/profile.ts FILE

import { readFileSync } from "node:fs";

type ProfileNode = { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string } };
type Profile = {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

const never = /(?!)/;

/** The first that fits counts: by the name of the function, or by where it stands. */
const owners: readonly (readonly [name: string, function_: RegExp, url: RegExp])[] = [
  ["garbage collection", /^\(garbage collector\)$/, never],
  ["idle", /^\((idle|root)\)$/, never],
  ["V8 and system calls", /^\(program\)$/, never],
  [
    "abort signals, events",
    /^(abort|addEventListener|removeEventListener|DOMException)$/,
    /abort_controller|event_target|domexception/,
  ],
  ["connect", never, /@connectrpc\/connect\//],
  ["connect-node", never, /@connectrpc\/connect-node\//],
  ["validation", never, /@connectrpc\/validate|protovalidate|@bufbuild\/cel/],
  ["protobuf", never, /@bufbuild\/protobuf/],
  ["Redis client", never, /ioredis|redis-parser|standard-as-callback|src\/redis/],
  ["our rules and stores", never, /src\/(reset|codes|throttle|directory|sqlite)\//],
  ["our edge", never, /src\/edge\//],
  ["our log", never, /src\/telemetry|pino|sonic-boom/],
  ["ours, else", never, /\/src\//],
  ["crypto", never, /node:internal\/crypto|node:crypto/],
  ["Headers, URL", never, /undici|internal\/url/],
  ["HTTP/2 and sockets", never, /internal\/http2|node:net|stream_base|_http|node:http/],
  ["streams, events", never, /internal\/streams|node:events|node:stream|string_decoder/],
  ["promises, timers, tasks", /^runMicrotasks$/, /process\/|async_hooks|timers/],
  ["other parts of Node", never, /^node:/],
];

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write("Name the profile: node bench/profile.ts FILE\n");
  process.exit(64);
}
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8")) as Profile;
const byId = new Map(nodes.map((node) => [node.id, node]));
const shares = new Map<string, number>();
const functions = new Map<string, number>();
for (const [at, id] of samples.entries()) {
  const { functionName = "", url = "" } = byId.get(id)?.callFrame ?? {};
  const owner =
    owners.find(([, name, place]) => name.test(functionName) || place.test(url))?.[0] ??
    "native calls: sockets, SQLite";
  const timeMicroseconds = timeDeltas[at] ?? 0;
  add(shares, owner, timeMicroseconds);
  if (owner !== "idle") {
    const place = url.split(/node_modules\/|\/src\//).at(-1);
    add(functions, `${functionName || "(anonymous)"}  ${place}`, timeMicroseconds);
  }
}
shares.delete("idle");
print(shares, 25);
print(functions, 50);

function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

function print(sums: ReadonlyMap<string, number>, most: number): void {
  const total = [...shares.values()].reduce((sum, amount) => sum + amount, 0);
  const rows = [...sums].toSorted(([, one], [, other]) => other - one).slice(0, most);
  for (const [name, amount] of rows)
    process.stdout.write(`${((100 * amount) / total).toFixed(1).padStart(5)} %  ${name}\n`);
  process.stdout.write("\n");
}
