// Can a TLS server be made of the key and the certificate that are named?

import { createSecureContext } from "node:tls";

import type { ConfigurationProblem } from "./problem.ts";
import { type ReadFile, unreadable } from "./secret-files.ts";

export function tlsFileProblems(
  tls: { readonly key_file: string; readonly certificate_file: string },
  readFile: ReadFile,
): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  function read(name: "key_file" | "certificate_file"): string {
    try {
      return readFile(tls[name]);
    } catch (error) {
      const remedy = "Name a file that Rekey may read.";
      problems.push({ setting: `tls.${name}`, problem: unreadable(error), remedy });
      return "";
    }
  }
  const key = read("key_file");
  const cert = read("certificate_file");
  if (problems.length > 0) return problems;
  try {
    createSecureContext({ key, cert });
    return [];
  } catch {
    const remedy = "Name a PEM key without a pass phrase, and the certificate that was made for it.";
    return [{ setting: "tls", problem: "Key and certificate do not go together, or are not in PEM form.", remedy }];
  }
}
