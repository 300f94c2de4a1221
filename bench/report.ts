// What do the figures say? A table of medians with their spread, and the ratios that were taken inside each round.

import type { Figures } from "./measure.ts";
import type { Subject } from "./subjects.ts";

/** One pass over the subjects, by their letters. */
export type Round = Readonly<Record<string, Figures>>;

type Column = {
  readonly title: string;
  readonly digits: number;
  readonly of: (figures: Figures) => number | undefined;
};

const columns: readonly Column[] = [
  { title: "CPU µs per call", digits: 0, of: (it) => it.cpuMicrosecondsPerCall },
  { title: "calls/s", digits: 0, of: (it) => it.callsPerSecond },
  { title: "p50 ms", digits: 1, of: (it) => it.p50Ms },
  { title: "p99 ms", digits: 1, of: (it) => it.p99Ms },
  { title: "CPU µs at 500/s", digits: 0, of: (it) => it.steady.cpuMicrosecondsPerCall },
  { title: "p50 ms at 500/s", digits: 2, of: (it) => it.steady.p50Ms },
  { title: "p99 ms at 500/s", digits: 2, of: (it) => it.steady.p99Ms },
  { title: "resident MB", digits: 0, of: (it) => it.residentMegabytes },
  { title: "start ms", digits: 0, of: (it) => it.startMs },
];

const redisColumns: readonly Column[] = [
  { title: "script calls per call", digits: 0, of: (it) => it.redis?.scriptCallsPerCall },
  { title: "µs in Redis per script", digits: 1, of: (it) => it.redis?.scriptMicroseconds },
  { title: "bytes per live code", digits: 0, of: (it) => it.redis?.bytesPerCode },
];

/** Which CPU ratios are told: the product against the plain Connect server and the floor, the rest for orientation. */
const pairs = ["A/B", "A/G", "A/C", "C/B", "D/H", "E/H", "A/I", "A/L", "K/H", "D/J", "E/J", "D/A", "E/A", "F/A"];

export function markdown(subjects: readonly Subject[], rounds: readonly Round[]): string {
  const rows = (chosen: readonly Column[], of: readonly Subject[]) =>
    of.map(({ letter, name }) => [
      letter,
      name,
      ...chosen.map((column) =>
        spread(
          rounds.map((round) => round[letter] && column.of(round[letter])),
          column.digits,
        ),
      ),
    ]);
  const onRedis = subjects.filter(({ store }) => store === "redis");
  return [
    table(["", "server", ...columns.map(({ title }) => title)], rows(columns, subjects)),
    table(["", "server", ...redisColumns.map(({ title }) => title)], rows(redisColumns, onRedis)),
    table(["CPU per call, in the same round", "at saturation", "at 500/s"], ratioRows(rounds)),
  ].join("\n\n");
}

function ratioRows(rounds: readonly Round[]): string[][] {
  return pairs.flatMap((pair) => {
    const [upper = "", lower = ""] = pair.split("/");
    const both = rounds.flatMap(({ [upper]: above, [lower]: below }) =>
      above === undefined || below === undefined ? [] : [{ above, below }],
    );
    if (both.length === 0) return [];
    const busy = both.map(({ above, below }) => above.cpuMicrosecondsPerCall / below.cpuMicrosecondsPerCall);
    const steady = both.map(
      ({ above, below }) => above.steady.cpuMicrosecondsPerCall / below.steady.cpuMicrosecondsPerCall,
    );
    return [[pair.replace("/", " / "), spread(busy, 2), spread(steady, 2)]];
  });
}

/** "median (least to most)". */
export function spread(values: readonly (number | undefined)[], digits: number): string {
  const sorted = values.filter((value) => value !== undefined).toSorted((one, other) => one - other);
  if (sorted.length === 0) return "–";
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  const [least, most] = [sorted.at(0) ?? 0, sorted.at(-1) ?? 0].map((value) => value.toFixed(digits));
  return least === most ? median.toFixed(digits) : `${median.toFixed(digits)} (${least} to ${most})`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
