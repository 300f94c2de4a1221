// How is a broken rule of the schema told to the operator? What is wrong, and what to write instead.

import type { z } from "zod";

import { formOf } from "./form-of.ts";
import { wrongForm } from "./forms.ts";
import { nearestName } from "./nearest-name.ts";
import type { SettingPath } from "./problem.ts";
import { nodeAt, type SettingNode } from "./setting-tree.ts";

export type DescribedIssue = { readonly path: SettingPath; readonly problem: string; readonly remedy: string };

export function describeIssue(issue: z.core.$ZodIssue): readonly DescribedIssue[] {
  const path = issue.path as SettingPath;
  const node = nodeAt(path) ?? {};
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((name) => unknownSetting([...path, name], node));
    case "invalid_union":
      return unionIssues(issue, path);
    case "custom":
      return [{ path, problem: issue.message, remedy: String(issue.params?.["remedy"] ?? remedyFor(node)) }];
    case "invalid_type":
      if (issue.input === undefined) return [{ path, problem: "It is missing.", remedy: remedyFor(node) }];
      return [{ path, problem: `It has to be ${kindOf(node)}.`, remedy: remedyFor(node) }];
    case "too_small":
      return [
        { path, problem: `It is too ${issue.origin === "number" ? "small" : "short"}.`, remedy: remedyFor(node) },
      ];
    case "too_big":
      return [{ path, problem: `It is too ${issue.origin === "number" ? "large" : "long"}.`, remedy: remedyFor(node) }];
    default:
      return [{ path, problem: wrongForm, remedy: remedyFor(node) }];
  }
}

/** Of the ways to write a setting, the one that was begun: a group where there is a group, the plain one elsewhere. */
function unionIssues(issue: z.core.$ZodIssueInvalidUnion, path: SettingPath): readonly DescribedIssue[] {
  const isGroup = typeof issue.input === "object";
  const begun = issue.errors.find((errors) => isGroup && errors.every(({ code }) => code !== "invalid_value"));
  if (begun === undefined) {
    return [{ path, problem: wrongForm, remedy: remedyFor(nodeAt(path) ?? {}) }];
  }
  return begun.flatMap((inner) => describeIssue({ ...inner, path: [...path, ...inner.path] }));
}

function unknownSetting(path: SettingPath, node: SettingNode): DescribedIssue {
  const group = node.properties === undefined ? node.anyOf?.find(({ properties }) => properties) : node;
  const known = Object.keys(group?.properties ?? {});
  const nearest = nearestName(String(path.at(-1)), known);
  const remedy = nearest === undefined ? `Here are: ${known.join(", ")}.` : `Did you mean ${nearest}?`;
  return { path, problem: "There is no such setting.", remedy };
}

const kinds = {
  object: "a group of settings",
  array: "a list",
  string: "text (a number is text in quotes)",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function kindOf(node: SettingNode): string {
  return node.type === undefined ? "written in another form" : kinds[node.type];
}

/** What to write, from what the schema says about the setting. */
function remedyFor(node: SettingNode): string {
  const form = formOf(node);
  if (form !== "") return `Write ${form}.`;
  return node.description ?? "See docs/configuration.md.";
}
