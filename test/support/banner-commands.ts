// Which commands does the demo's banner tell a newcomer to paste? Each as one line, in its order.

import type { StartedService } from "./start-service.ts";

export async function bannerCommands(service: Pick<StartedService, "output" | "printed">): Promise<readonly string[]> {
  await service.printed("Stop with Ctrl-C");
  const lines = service.output().replaceAll("\\\n", "").split("\n");
  return lines.filter((line) => /^(curl|buf curl|grpcurl) /.test(line));
}

/** The first that matches; the banner without it is a failure. */
export function commandFor(commands: readonly string[], pattern: RegExp): string {
  const found = commands.find((command) => pattern.test(command));
  if (found === undefined) throw new Error(`the banner has no command with ${pattern}:\n${commands.join("\n")}`);
  return found;
}
