// What may the bodies of the vendor's calls hold? The members of `meta` for each, in the order in which they are judged.

import type { MetaRules } from "./read-meta.ts";

const needed = { type: "string", required: true } as const;
const possible = { type: "boolean", required: false } as const;

/** Vendor: Keygen looks at `deliver` first. */
export const forgotRules = { deliver: possible, email: needed } satisfies MetaRules;

export const resetRules = { passwordResetToken: needed, newPassword: needed } satisfies MetaRules;

export const changeRules = { oldPassword: needed, newPassword: needed } satisfies MetaRules;
