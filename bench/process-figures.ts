// What has a process used so far? CPU time of all its threads, and the memory it holds. Source: proc(5).

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import type { Milliseconds } from "../src/units.ts";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** User and system time. Its grain is one tick, usually 10 ms. */
export function cpuTimeMs(pid: number): Milliseconds {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name, and may hold spaces. Behind it: fields 14 and 15 are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}
