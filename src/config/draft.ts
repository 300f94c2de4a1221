// How is a value read that nobody has checked yet? As nothing, where it is not what it should be.

export function memberOf(value: unknown, name: string): unknown {
  return isGroup(value) ? value[name] : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether it is a group of settings: an object that is not a list. */
export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
