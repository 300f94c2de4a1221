// How does Rekey tell its operator what happens? JSON lines, without secrets, written in the background.

import { type LevelWithSilent, pino } from "pino";

import { openLogFile } from "./log-file.ts";
import { redactFields, redactText } from "./redact.ts";

export type LogFields = Readonly<Record<string, unknown>>;

/** Nothing secret is written, whatever the fields hold; see redact.ts. An error goes into a field of its own: `error`. */
export type Log = {
  debug(fields: LogFields, sentence: string): void;
  info(fields: LogFields, sentence: string): void;
  warn(fields: LogFields, sentence: string): void;
  error(fields: LogFields, sentence: string): void;
};

export type OpenedLog = Log & {
  /** A line that is JSON already, with its end: for audit records. Written at every level. */
  writeLine(line: string): void;
  /** What was written so far goes out now: somebody waits for it. */
  send(): void;
  /** Resolves when everything is written, or cannot be. */
  close(): Promise<void>;
};

/** `destination` is a path or a file descriptor; standard output if absent. */
export function openLog(settings: { level: LevelWithSilent; destination?: string | number }): OpenedLog {
  const file = openLogFile(settings.destination ?? 1);
  const logger = pino(
    {
      level: settings.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    file,
  );

  function at(level: "debug" | "info" | "warn" | "error"): Log["info"] {
    return (fields, sentence) => {
      if (logger.isLevelEnabled(level)) logger[level](redactFields(fields), redactText(sentence));
    };
  }
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    writeLine: file.write,
    send: file.send,
    close: file.close,
  };
}
