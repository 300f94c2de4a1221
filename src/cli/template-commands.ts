// What would people read? The templates of a realm, and a message written by one of them.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { loadConfiguration } from "../config/load-configuration.ts";
import { formatProblems } from "../config/problem.ts";
import { demoFacts } from "../demo/demo-facts.ts";
import { demoRealm } from "../demo/demo-realm.ts";
import { liquidTemplates, type TemplateRealm } from "../delivery/templates/liquid-templates.ts";
import { type Preview, renderPreview } from "../delivery/templates/preview.ts";
import { BrokenTemplates } from "../delivery/templates/template-problem.ts";
import type { Templates } from "../delivery/templates/template.ts";
import { CommandFailure } from "./command-failure.ts";
import { type Command, type Environment, oneOf, theOnly } from "./command.ts";

export const listTemplates: Command = async (args, environment) => {
  const { values } = parseArgs({ args: [...args], options: { realm: { type: "string" } } });
  const { templates, realmId } = await openTemplates(environment, values.realm);
  const rows = templates.list(realmId).map(({ name, languages }) => `${name}: ${languages.join(", ")}\n`);
  return rows.join("");
};

const formats = ["html", "text", "sms"] as const;

export const previewTemplate: Command = async (args, environment) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      language: { type: "string" },
      realm: { type: "string" },
      format: { type: "string" },
      output: { type: "string" },
    },
    allowPositionals: true,
  });
  const template = theOnly("NAME", positionals);
  const { language: wanted, output } = values;
  const format = oneOf("--format", formats, values.format) ?? (output === undefined ? "text" : "html");
  const { templates, realmId } = await openTemplates(environment, values.realm);
  if (!templates.has(realmId, template)) {
    const names = templates.list(realmId).map(({ name }) => name);
    throw new CommandFailure("usage", `Realm ${realmId} has no template "${template}", but ${names.join(", ")}.`);
  }
  const languages = wanted === undefined ? [] : [wanted];
  const preview = await renderPreview(templates, { realmId, template, languages });
  const { language } = preview.mail;
  if (wanted !== undefined && wanted !== language) {
    process.stderr.write(`There are no texts in ${wanted}: this is what its readers get, ${language}.\n`);
  }
  const written = inFormat(format, preview);
  if (output === undefined) return written;
  write(output, written);
  return `Written to ${output}.\n`;
};

function inFormat(format: (typeof formats)[number], { mail, textMessage }: Preview): string {
  switch (format) {
    case "html":
      return mail.html;
    case "text":
      return `${mail.subject}\n\n${mail.text}`;
    case "sms":
      return `${textMessage.text}\n`;
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new CommandFailure("not_written", `${file} cannot be written: ${(cause as Error).message}.`);
  }
}

async function openTemplates(
  environment: Environment,
  wantedRealm: string | undefined,
): Promise<{ readonly templates: Templates; readonly realmId: string }> {
  const { realms, directory } = templateSettings(environment);
  const realm = wantedRealm === undefined ? realms[0] : realms.find(({ id }) => id === wantedRealm);
  if (realm === undefined) {
    const ids = realms.map(({ id }) => id).join(", ");
    throw new CommandFailure("usage", `There is no realm "${wantedRealm ?? ""}"; the configuration has ${ids}.`);
  }
  try {
    const templates = await liquidTemplates({ realms, ...(directory === undefined ? {} : { directory }) });
    return { templates, realmId: realm.id };
  } catch (cause) {
    if (cause instanceof BrokenTemplates) throw new CommandFailure("configuration", cause.message);
    throw cause;
  }
}

/** As the service would start with them. */
function templateSettings(environment: Environment): { realms: readonly TemplateRealm[]; directory?: string } {
  const loaded = loadConfiguration({ environment, readFile: (path) => readFileSync(path, "utf8") });
  if (loaded.kind === "invalid") throw new CommandFailure("configuration", formatProblems(loaded.problems).trimEnd());
  const { mode, realms, dataDir, delivery } = loaded.configuration;
  return {
    // A preview links nowhere.
    realms: mode === "demo" ? [...realms, demoRealm(demoFacts(dataDir).facts, () => "")] : realms,
    ...(delivery.templatesDir === undefined ? {} : { directory: delivery.templatesDir }),
  };
}
