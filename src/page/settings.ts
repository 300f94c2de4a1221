// What does the page know when it opens? What the server wrote into it; nothing more is fetched to show the first screen.

import type { PageTexts } from "./texts/page-texts.ts";

/** Stands as JSON in the page, in `<script type="application/json" id="settings">`. */
export type PageSettings = {
  readonly realmId: string;
  /** Of the texts, BCP 47. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** Every language of the page, each by its own name: "Deutsch". Another one is `/recover?lang=<tag>`. */
  readonly languages: readonly { readonly tag: string; readonly name: string }[];
  readonly brand: PageBrand;
  readonly texts: PageTexts;
};

export type PageBrand = {
  /** Empty where the realm has none. */
  readonly name: string;
  /** Who helps: an address, a number, or a sentence. Empty where the realm names nobody. */
  readonly contact: string;
  /** A path on this host. */
  readonly logoUrl?: string;
};

/**
 * What `/recover/brand.css` sets on `:root`, in both modes, when the realm has colours: the colour of buttons, what is
 * written on it, and the colour of links on the page. `recover.css` has a default for each.
 */
export const brandProperties = ["--accent", "--on-accent", "--accent-text"] as const;

/**
 * The surface of each mode that is nearest to its text in brightness: colours of a realm are made to be readable on it,
 * and so on every other one. `recover.css` uses none that is darker in the light mode, or lighter in the dark one.
 */
export const surfaces = { light: "#f3f4f6", dark: "#23262d" } as const;
