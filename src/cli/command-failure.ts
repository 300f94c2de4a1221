// Why did a command not do what was asked? One sentence with its remedy, and an exit code for scripts.

/** Source: sysexits(3), where it has a word for it. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 64,
  unavailable: 69,
  not_written: 73,
  not_permitted: 77,
  configuration: 78,
} as const;

export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly reason: Exclude<keyof typeof exitCodes, "done">;

  constructor(reason: CommandFailure["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}
