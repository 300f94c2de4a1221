// What does a realm have of the vendor? One app: its key, its secrets, and what its operator chose.

import type { CaptchaProvider } from "../../bot-check/bot-check-settings.ts";
import type { Caller } from "../../reset/caller.ts";

export type LoginRadiusApp = {
  /** Public: it finds the realm. */
  readonly key: string;
  /** The app's own, then the secondary ones. Each opens the management calls and checks signatures. */
  readonly secrets: readonly [string, ...string[]];
  /** Where links of messages lead when a request names no page. */
  readonly resetUrl?: string;
  /** What the mail of a forgot call brings. */
  readonly mailBrings: "link" | "code";
  /** Whether a stranger is told that nobody is known by a name. */
  readonly unknownUser: "hide" | "tell";
  /** Whose answer strangers have to bring when they ask. Absent: nothing is asked of them. */
  readonly captcha?: CaptchaProvider;
  /** Whoever brings the key alone. */
  readonly stranger: Caller;
  /** Whoever brings a secret as well. */
  readonly application: Caller;
};

/** Undefined for a key that is nobody's. A key is public: to look it up tells nothing. */
export type FindApp = (key: string) => LoginRadiusApp | undefined;

/** Vendor: LoginRadius's keys are GUIDs, in any casing. */
export function makeFindApp(apps: readonly LoginRadiusApp[]): FindApp {
  const byKey = new Map(apps.map((app) => [app.key.toLowerCase(), app]));
  return (key) => byKey.get(key.toLowerCase());
}
