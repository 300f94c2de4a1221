// In what may two dialects differ? The arguments that an edge gives to the acts instead of branches inside them.

import type { ShapeName } from "../codes/code.ts";
import type { PasswordPolicy } from "../password/policy.ts";
import type { LinkName } from "./link.ts";

export type Dialect = {
  /** For the notes of messages that may have to be made anew: see remake-note. */
  readonly name: string;
  /** The shape of a code that is returned, and of one that stands in a link. */
  readonly returnedShape: ShapeName;
  readonly linkShape: ShapeName;
  /** What a link template may name, and whether it has to name the code. */
  readonly linkNames: readonly LinkName[];
  readonly linkNeedsCode: boolean;
  /** A user without a usable address: refuse, or answer as if a message went out, as some vendors do. */
  readonly missingAddress: "refuse" | "ignore";
  /** Whether a message may go to an address that was never verified. */
  readonly unverifiedAddress: "refuse" | "use";
  /** Whether a caller who presents a code or a password for a user that is unknown, or not set up, is told so at once. */
  readonly unknownUser: "hide" | "tell";
  /**
   * Which is told first when both are wrong. Either way a weak password never costs the code, and nothing of a hidden
   * user is told before the proof.
   */
  readonly toldFirst: "password" | "proof";
  /** The policy where the realm has none of its own. */
  readonly passwordPolicy: PasswordPolicy;
};
