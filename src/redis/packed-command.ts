// How is a command written for Redis? As its bytes at once: the driver makes a piece of each argument and joins them.
//
// A tenth of what the hot call costs is saved by it. Spec: RESP2, an array of bulk strings.

import type { Command } from "ioredis";

type Driver = { readonly Command: typeof Command };

/** Commands are written here first; a longer one goes the driver's way. Scripts of ours are called with 500 bytes. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);
/** A UTF-16 code unit becomes at most so many bytes. */
const mostBytesPerUnit = 3;
/** Of the line with its length, and of the end, at most. */
const mostBytesAround = 24;

/** The driver's own command in everything but how it is written. */
export function packedCommandOf({ Command: DriverCommand }: Driver): typeof Command {
  return class PackedCommand extends DriverCommand {
    override toWritable(socket: object): string | Buffer {
      return packed(this.name, this.args as readonly (string | Buffer)[]) ?? super.toWritable(socket);
    }
  };
}

function packed(name: string, args: readonly (string | Buffer)[]): Buffer | undefined {
  let most = mostBytesAround + name.length;
  for (const arg of args) most += mostBytesAround + arg.length * mostBytesPerUnit;
  if (most > scratch.length) return undefined;

  // One text up to the next bytes: a text that grows is cheap, and writing it is not.
  let text = `*${args.length + 1}\r\n${bulk(name)}`;
  let length = 0;
  for (const arg of args) {
    if (typeof arg === "string") {
      text += bulk(arg);
      continue;
    }
    length += scratch.write(`${text}$${arg.length}\r\n`, length);
    length += arg.copy(scratch, length);
    text = "\r\n";
  }
  length += scratch.write(text, length);
  return Buffer.from(scratch.subarray(0, length));
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
