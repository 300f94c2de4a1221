// What is wrong with a template, and where? Said once, at start, about everything that was found.

export type TemplateProblem = {
  /** As the operator named it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As a sentence. */
  readonly problem: string;
};

/** How the readers of one file tell what they find. */
export type Report = (line: number, problem: string) => void;

/** Templates that cannot be used: the service does not start with them. */
export class BrokenTemplates extends Error {
  override readonly name = "BrokenTemplates";
  readonly problems: readonly TemplateProblem[];

  constructor(problems: readonly TemplateProblem[]) {
    super(problems.map(({ file, line, problem }) => `${file}:${line}: ${problem}`).join("\n"));
    this.problems = problems;
  }
}
