// What is thrown when something that Rekey needs does not answer?

/**
 * A dependency (Redis, the database file, a provider) is down, slow beyond its time-out, or refuses work.
 * Thrown by drivers, never by rules. Edges answer UNAVAILABLE and tell the stranger nothing else.
 */
export class Outage extends Error {
  override readonly name = "Outage";
  /** Which dependency, in one word, for the log and the metrics: "redis", "sqlite". */
  readonly dependency: string;

  constructor(dependency: string, options: { cause: unknown }) {
    super(`${dependency} is not available`, options);
    this.dependency = dependency;
  }
}
