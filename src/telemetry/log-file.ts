// How do log lines leave the process without holding up a call? In batches, written in the background.
//
// A line costs its caller one string concatenation. A process that is killed loses the batch of that moment; one that
// exits by itself does not.

import { appendFileSync } from "node:fs";

import { pino } from "pino";

import type { Milliseconds } from "../units.ts";

export type LogFile = {
  /** One line, with its end. Never throws. */
  readonly write: (line: string) => void;
  /** What was written so far goes out now: somebody waits for it. */
  readonly send: () => void;
  /** Resolves when everything is written, or cannot be. Later lines are lost. */
  readonly close: () => Promise<void>;
};

/** A batch goes out at this length or age, whichever comes first. In UTF-16 code units. */
const batchLength = 16 * 1024;
const batchAgeMs: Milliseconds = 50;

/** Where nobody reads the other end, lines wait up to here and then are dropped, and counted. In bytes. */
const longestBacklog = 16 * 1024 * 1024;

/** `destination` is a path or a file descriptor. */
export function openLogFile(destination: string | number): LogFile {
  const file = pino.destination({ dest: destination, sync: false, maxLength: longestBacklog });
  let batch = "";
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  let dropped = 0;
  let droppedTold = 0;

  // A broken pipe or a full disk ends the log, not the service.
  file.on("error", () => {
    isOpen = false;
  });
  file.on("drop", (lines: string) => {
    dropped += lines.split("\n").length - 1;
  });

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!isOpen || batch === "") return;
    const lines = batch;
    batch = "";
    const gap = dropped > droppedTold ? droppedLine(dropped) : "";
    droppedTold = dropped;
    file.write(gap + lines);
  }

  /** For an exit without `close`: nothing runs in the background any more. */
  function sendAtExit(): void {
    if (!isOpen || batch === "") return;
    try {
      appendFileSync(destination, batch);
    } catch {
      // There is nobody left to tell.
    }
  }
  process.once("exit", sendAtExit);

  return {
    write(line) {
      if (!isOpen) return;
      batch += line;
      if (batch.length >= batchLength) send();
      else timer ??= setTimeout(send, batchAgeMs);
    },

    send,

    async close() {
      process.removeListener("exit", sendAtExit);
      send();
      if (!isOpen) return;
      isOpen = false;
      await new Promise<void>((resolve) => {
        file.once("close", resolve);
        file.once("error", () => resolve());
        file.end();
      });
    },
  };
}

function droppedLine(dropped: number): string {
  const entry = {
    level: "error",
    time: new Date().toISOString(),
    msg: "log lines were dropped since the start",
    dropped,
  };
  return `${JSON.stringify(entry)}\n`;
}
