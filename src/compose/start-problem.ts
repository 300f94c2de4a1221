// Why did it not start? What an operator can remedy, in the words of a setting.

import type { Configuration } from "../config/configuration.ts";
import type { ConfigurationProblem } from "../config/problem.ts";
import { BrokenTemplates, type TemplateProblem } from "../delivery/templates/template-problem.ts";
import { BrokenLogo } from "../edge/page/logo.ts";
import { Outage } from "../outage.ts";
import { MetricsClosed } from "./metrics-closed.ts";

export type StartProblems = {
  readonly problems: readonly ConfigurationProblem[];
  /** Whether it starts by itself when what is around it is right again: another try is worth it. */
  readonly mayPass: boolean;
};

/** Undefined for a fault of ours: it is told whole, with its trace. */
export function startProblems(cause: unknown, configuration: Configuration): StartProblems | undefined {
  if (cause instanceof BrokenTemplates) return { problems: cause.problems.map(templateProblem), mayPass: false };
  if (cause instanceof BrokenLogo) return { problems: [logoProblem(cause, configuration)], mayPass: false };
  const problem =
    cause instanceof MetricsClosed && configuration.metrics !== undefined
      ? portProblem("metrics", configuration.metrics, systemErrorOf(cause.cause))
      : problemAround(cause, configuration);
  return problem && { problems: [problem], mayPass: true };
}

function templateProblem({ file, line, problem }: TemplateProblem): ConfigurationProblem {
  return {
    setting: "delivery.templates_dir",
    problem: `${file}:${line}: ${problem}`,
    remedy: "docs/templates.md says what may stand there; `npm run rekey -- templates preview` checks it.",
  };
}

function logoProblem({ realmId, message }: BrokenLogo, { realms }: Configuration): ConfigurationProblem {
  const index = realms.findIndex(({ id }) => id === realmId);
  return {
    setting: `realms[${index}].brand.logo`,
    problem: message,
    remedy: "Name an SVG, PNG or WebP file of at most 200 kB that Rekey may read.",
  };
}

/** Of the machine, or of what Rekey talks to. */
function problemAround(cause: unknown, configuration: Configuration): ConfigurationProblem | undefined {
  const { listen, dataDir } = configuration;
  const { code, path, message } = systemErrorOf(cause);
  if (cause instanceof Outage && cause.dependency === "redis") {
    return {
      setting: "redis.url",
      problem: `${systemErrorOf(cause.cause).message}.`,
      remedy: "Start Redis, or correct the address; without the setting Rekey keeps all in `data_dir`.",
    };
  }
  if (code === "ERR_SQLITE_ERROR" || cause instanceof Outage || path?.startsWith(dataDir)) {
    return {
      setting: "data_dir",
      problem: `Rekey cannot keep its data in ${dataDir}: ${message}.`,
      remedy: "Name a directory that this user may write to.",
    };
  }
  return portProblem("listen", listen, systemErrorOf(cause));
}

function portProblem(
  group: "listen" | "metrics",
  { host, port }: { readonly host: string; readonly port: number },
  { code, syscall }: Partial<NodeJS.ErrnoException>,
): ConfigurationProblem | undefined {
  if (code === "EADDRINUSE") {
    return {
      setting: `${group}.port`,
      problem: `Another process listens on ${host}:${port} already.`,
      remedy: `End it, or set another port, for example with REKEY_${group.toUpperCase()}_PORT; 0 takes any that is free.`,
    };
  }
  if (syscall === "listen" && code === "EACCES") {
    return {
      setting: `${group}.port`,
      problem: `This user may not listen on port ${port}.`,
      remedy: "Set a port from 1024 up.",
    };
  }
  if (code === "EADDRNOTAVAIL" || syscall === "getaddrinfo") {
    return {
      setting: `${group}.host`,
      problem: `This machine has no address ${host}.`,
      remedy: "Set 127.0.0.1 for this machine alone, or 0.0.0.0 for every address that it has.",
    };
  }
  return undefined;
}

/** Node's names for what the system said. */
function systemErrorOf(cause: unknown): Partial<NodeJS.ErrnoException> {
  return cause instanceof Error ? cause : {};
}
