// What may the bodies of the vendor's calls hold? The members of `meta` for each, in the order in which they are judged.

import type { MetaRules } from "./read-meta.ts";

const needed = { type: "string", required: true } as const;

/** Vendor: Keygen looks at `deliver` first. */
export const forgotRules: MetaRules = { deliver: { type: "boolean", required: false }, email: needed };

export const resetRules: MetaRules = { passwordResetToken: needed, newPassword: needed };

export const changeRules: MetaRules = { oldPassword: needed, newPassword: needed };
