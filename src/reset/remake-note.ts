// What has to be remembered of a message, so that it can be made anew after it died? What its caller asked for; no secret.

import type { SendLink } from "./reset-message.ts";

export type RemakeNote = {
  /** The name of the dialect that asked. */
  readonly dialect: string;
  readonly sendLink: SendLink;
};

export function remakeNote(note: RemakeNote): string {
  return JSON.stringify(note);
}

/** `undefined` for a message that cannot be made anew, such as a notice. */
export function readRemakeNote(note: string | undefined): RemakeNote | undefined {
  return note === undefined ? undefined : (JSON.parse(note) as RemakeNote);
}
