// Is each entry of a list the only one of its name? Checks that also run when others have found problems.

import { z } from "zod";

import { listOf, memberOf } from "./draft.ts";
import { custom } from "./forms.ts";
import type { SettingPath } from "./problem.ts";

/** Refuses an entry whose `field` (or that itself, where no field is named) was there before. */
export function noTwice(field?: string) {
  return z.superRefine<unknown>(
    (list, context) => {
      const named = listOf(list).map((entry, index) =>
        field === undefined ? { path: [index], name: entry } : { path: [index, field], name: memberOf(entry, field) },
      );
      for (const path of repeated(named)) context.addIssue(custom("It is there twice.", "Give each its own.", path));
    },
    { when: () => true },
  );
}

/** Refuses an API key that two callers share, in one realm or in two: nobody could tell whose call it is. */
export const noSharedApiKey = z.superRefine<unknown>(
  (realms, context) => {
    const digests = listOf(realms).flatMap((realm, realmIndex) =>
      listOf(memberOf(realm, "api_keys")).map((key, index) => ({
        path: [realmIndex, "api_keys", index, "digest"],
        name: memberOf(key, "digest"),
      })),
    );
    const remedy = "Make a key for each caller.";
    for (const path of repeated(digests)) context.addIssue(custom("Another caller has this key.", remedy, path));
  },
  { when: () => true },
);

/** Refuses a host name, or a public key, that would stand for two realms. */
export const noSharedHost = noSharedIn("hosts", "Give each realm a host of its own.");
export const noSharedPublicKey = noSharedIn("public_keys", "Make a key for each realm.");

function noSharedIn(list: "hosts" | "public_keys", remedy: string) {
  return z.superRefine<unknown>(
    (realms, context) => {
      const names = listOf(realms).flatMap((realm, realmIndex) =>
        listOf(memberOf(memberOf(realm, "recovery"), list)).map((name, index) => ({
          path: [realmIndex, "recovery", list, index],
          name,
        })),
      );
      for (const path of repeated(names)) context.addIssue(custom("It stands for a realm already.", remedy, path));
    },
    { when: () => true },
  );
}

/** Refuses an account, by id, slug or host, that would stand for two realms. */
export const noSharedAccount = z.superRefine<unknown>(
  (realms, context) => {
    const names = listOf(realms).flatMap((realm, realmIndex) => {
      const keygen = memberOf(realm, "keygen");
      const path = [realmIndex, "keygen"] as const;
      return [
        ...["account", "slug"].map((field) => ({ path: [...path, field], name: memberOf(keygen, field) })),
        ...listOf(memberOf(keygen, "hosts")).map((name, index) => ({ path: [...path, "hosts", index], name })),
      ];
    });
    for (const path of repeated(names)) {
      context.addIssue(custom("It stands for another account already.", "Give each account its own.", path));
    }
  },
  { when: () => true },
);

/** Refuses a key of LoginRadius's clients that would stand for two realms. */
export const noSharedLoginRadiusKey = z.superRefine<unknown>(
  (realms, context) => {
    const keys = listOf(realms).map((realm, index) => {
      const key = memberOf(memberOf(realm, "loginradius"), "key");
      return { path: [index, "loginradius", "key"], name: typeof key === "string" ? key.toLowerCase() : undefined };
    });
    for (const path of repeated(keys)) {
      context.addIssue(custom("It stands for a realm already.", "Give each realm a key of its own.", path));
    }
  },
  { when: () => true },
);

type Named = { readonly path: SettingPath; readonly name: unknown };

function repeated(entries: readonly Named[]): readonly SettingPath[] {
  const seen = new Set<unknown>();
  return entries.flatMap(({ path, name }) => {
    if (typeof name !== "string" && typeof name !== "number") return [];
    if (seen.has(name)) return [path];
    seen.add(name);
    return [];
  });
}
