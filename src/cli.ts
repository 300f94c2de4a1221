// What does an operator ask for on the command line? Finds the command, runs it, and ends with an exit code that says how.
// npm run rekey -- COMMAND

import { CommandFailure, exitCodes } from "./cli/command-failure.ts";
import type { Command } from "./cli/command.ts";
import { help } from "./cli/help.ts";
import { dropDelivery, listDeliveries, resendDelivery, showDelivery } from "./cli/outbox-commands.ts";
import { listTemplates, previewTemplate } from "./cli/template-commands.ts";

const commands: ReadonlyMap<string, Command> = new Map([
  ["templates list", listTemplates],
  ["templates preview", previewTemplate],
  ["outbox list", listDeliveries],
  ["outbox show", showDelivery],
  ["outbox resend", resendDelivery],
  ["outbox drop", dropDelivery],
]);

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  if (args[0] === "help" || args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help);
    return exitCodes.done;
  }
  const [room = "", verb = "", ...rest] = args;
  const command = commands.get(`${room} ${verb}`);
  try {
    if (command === undefined) throw new CommandFailure("usage", unknownCommand(args));
    process.stdout.write(await command(rest, process.env));
    return exitCodes.done;
  } catch (cause) {
    const { reason, message } = failureOf(cause);
    process.stderr.write(`${message}\n`);
    return exitCodes[reason];
  }
}

function unknownCommand(args: readonly string[]): string {
  const asked = args.length === 0 ? "No command was given." : `There is no command "${args.slice(0, 2).join(" ")}".`;
  return `${asked} The commands are ${[...commands.keys()].join(", ")}; --help tells more.`;
}

/** Anything else is a fault of ours, and is told whole. */
function failureOf(cause: unknown): CommandFailure {
  if (cause instanceof CommandFailure) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code?.startsWith("ERR_PARSE_ARGS_") !== true) throw cause;
  return new CommandFailure("usage", `${message.replace(/\.?$/, ".")} --help tells what there is.`);
}
