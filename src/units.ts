// What do the plain quantities mean? One word for each, and the clock that everybody is given.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Milliseconds = number;

/** Where the time comes from. Stores never ask a clock of their own: each call is told the time. */
export type Clock = { now(): Instant };

export const systemClock: Clock = { now: () => Date.now() };

export const second: Milliseconds = 1000;
export const minute: Milliseconds = 60 * second;
export const hour: Milliseconds = 60 * minute;
