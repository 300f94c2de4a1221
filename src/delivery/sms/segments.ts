// How many messages does the network make of one text? Each is paid for, and carries only so much.

/** One septet each. Spec: 3GPP TS 23.038 §6.2.1 (GSM 7 bit default alphabet), without the escape. */
const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Two septets each: the escape and the sign. Spec: 3GPP TS 23.038 §6.2.1.1. */
const extended = new Set("\f^{}\\[~]|€");

export type TextSize = { readonly alphabet: "gsm" | "ucs2"; readonly segments: number };

/**
 * In septets or in UTF-16 code units: what one message carries alone, and what each carries when there are several,
 * after 6 bytes that tell their order. Spec: 3GPP TS 23.040 §9.2.3.24.1 (140 bytes in all).
 */
const room = { gsm: { alone: 160, together: 153 }, ucs2: { alone: 70, together: 67 } } as const;

/** 268 letters of any script, or 612 Latin ones: room for a sentence, a long link and the domain-bound line. */
export const mostSegments = 4;

export function textSize(text: string): TextSize {
  const signs = Array.from(text);
  const alphabet = signs.every((sign) => basic.has(sign) || extended.has(sign)) ? "gsm" : "ucs2";
  const widths = signs.map((sign) => (alphabet === "ucs2" ? sign.length : basic.has(sign) ? 1 : 2));
  const { alone, together } = room[alphabet];
  const whole = widths.reduce((sum, width) => sum + width, 0);
  return { alphabet, segments: whole <= alone ? 1 : fill(widths, together) };
}

/** A sign of two units is never cut in half: it begins the next message instead. */
function fill(widths: readonly number[], capacity: number): number {
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > capacity) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return segments;
}
