// How do a realm's colours become the page's? As custom properties for both modes, each moved as far as it takes to be
// read by people who see badly.

import { brandProperties, surfaces } from "../../page/settings.ts";
import { type Colour, readableOn, textOn } from "./contrast.ts";

export type BrandColours = { readonly accent?: Colour; readonly accentDark?: Colour };

/** Of what is no text: the shape of a button. Spec: WCAG 2.2, 1.4.11 (AA). */
const leastOfShapes = 3;
/** Spec: WCAG 2.2, 1.4.3 (AA). */
const leastOfText = 4.5;

/** Empty where the realm has no colours. */
export function brandCss({ accent, accentDark = accent }: BrandColours): string {
  const light = accent === undefined ? "" : `:root {\n${properties(accent, surfaces.light)}}\n`;
  const dark = accentDark === undefined ? "" : `:root {\n${properties(accentDark, surfaces.dark)}}\n`;
  return light + (dark === "" ? "" : `@media (prefers-color-scheme: dark) {\n${dark}}\n`);
}

function properties(colour: Colour, surface: Colour): string {
  const accent = readableOn(surface, colour, leastOfShapes);
  const values = [accent, textOn(accent), readableOn(surface, colour, leastOfText)];
  return brandProperties.map((name, index) => `${name}: ${values[index]};\n`).join("");
}
