// Can this colour be read on that one? The contrast of WCAG, and the nearest colour that has enough of it.

/** "#1f4fd8", in lower case. */
export type Colour = string;

type Channels = readonly [red: number, green: number, blue: number];

/** From 1 to 21. Spec: WCAG 2.2, "contrast ratio". */
export function contrast(one: Colour, other: Colour): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** White or black, whichever is read better: on no colour less than 4.58. */
export function textOn(colour: Colour): Colour {
  return contrast(colour, white) >= contrast(colour, black) ? white : black;
}

/** `colour` itself where it has the contrast, else moved towards black or white, away from `surface`, until it has. */
export function readableOn(surface: Colour, colour: Colour, least: number): Colour {
  const goal = textOn(surface);
  const shares = Array.from({ length: steps + 1 }, (_, step) => step / steps);
  const mixes = shares.map((share) => mixed(colour, goal, share));
  return mixes.find((mix) => contrast(mix, surface) >= least) ?? goal;
}

const white = "#ffffff";
const black = "#000000";
const steps = 50;

/** Spec: WCAG 2.2, "relative luminance". */
function luminance(colour: Colour): number {
  const [red, green, blue] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mixed(colour: Colour, goal: Colour, share: number): Colour {
  const goals = channelsOf(goal);
  const channels = channelsOf(colour).map((channel, index) => channel + ((goals[index] ?? 0) - channel) * share);
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

function channelsOf(colour: Colour): Channels {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  return [red, green, blue];
}
