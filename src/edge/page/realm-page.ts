// What does the page of one realm look like, and what does it say? Made of its settings, once, at the start.

import type { PageTexts } from "../../page/texts/page-texts.ts";
import { pageTexts } from "../../page/texts/languages.ts";
import { type TextOverrides, withOverrides } from "../../page/texts/override-texts.ts";
import { type Asset, makeAsset } from "./asset.ts";
import { type BrandColours, brandCss } from "./brand-css.ts";
import { readLogo } from "./logo.ts";

export type RealmPageSettings = {
  readonly realmId: string;
  /** Where the reader's languages are none of the page's. */
  readonly defaultLanguage: string;
  readonly name: string;
  readonly contact: string;
  readonly logoFile?: string;
  readonly colours: BrandColours;
  /** By language. */
  readonly texts: Readonly<Record<string, TextOverrides>>;
};

export type RealmPage = Pick<RealmPageSettings, "realmId" | "defaultLanguage" | "name" | "contact"> & {
  /** By language. */
  readonly texts: ReadonlyMap<string, PageTexts>;
  readonly css: Asset;
  readonly logo?: Asset;
};

/** Throws `BrokenLogo`. */
export function makeRealmPage({ logoFile, colours, texts: overrides, ...settings }: RealmPageSettings): RealmPage {
  const { realmId, defaultLanguage, name, contact } = settings;
  const texts = new Map(
    [...pageTexts].map(([language, built]) => [language, withOverrides(built, overrides[language] ?? {})]),
  );
  return {
    realmId,
    defaultLanguage,
    name,
    contact,
    texts,
    css: makeAsset("text/css; charset=utf-8", brandCss(colours)),
    ...(logoFile !== undefined && { logo: readLogo(realmId, logoFile) }),
  };
}
