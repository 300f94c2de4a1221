// Which of the two ports could not be opened? This one says that it is the metrics'; `cause` is what the system said.

export class MetricsClosed extends Error {
  override readonly name = "MetricsClosed";

  constructor(cause: unknown) {
    super("the port of the metrics could not be opened", { cause });
  }
}
