// How well can two kinds of calls be told apart by their times? As well as the best attacker with one call can.
//
// The measure is the statistic of Kolmogorov and Smirnov: the largest distance between the two distributions. It is the
// advantage (hits minus false alarms) of the best attacker who says "it was this kind" below some time. It has no unit,
// so a slow machine has the same threshold as a fast one, and outliers weigh no more than their number.
//
// Which call is of which kind was drawn by lot. So where the kind does not matter, every division of the measured times
// is as likely as any other, whatever else the machine did meanwhile: noise makes a leak harder to see, and no alarm.

/** How often chance alone may look like a leak, in each comparison. */
export const alarmRate = 1e-6;

/** From 0, nothing can be told, to 1, each call tells. */
export function advantage(one: readonly number[], other: readonly number[]): number {
  const times = one.map((time) => ({ time, step: 1 / one.length }));
  times.push(...other.map((time) => ({ time, step: -1 / other.length })));
  times.sort((a, b) => a.time - b.time);
  let [distance, largest] = [0, 0];
  for (const [at, { time, step }] of times.entries()) {
    distance += step;
    // Between equal times there is no threshold.
    if (times[at + 1]?.time !== time) largest = Math.max(largest, Math.abs(distance));
  }
  return largest;
}

/** What chance alone exceeds at most at the alarm rate. Smirnov's bound on the tail: 2 exp(-2 d² nm / (n + m)). */
export function advantageByChance(one: number, other: number): number {
  return Math.sqrt((Math.log(2 / alarmRate) / 2) * ((one + other) / (one * other)));
}
