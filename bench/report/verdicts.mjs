import { BARS, QUICK_SLACK } from '../bars.mjs';

/**
 * Holds values against their bars.
 *
 * @param {Record<string, number>} values by the bars' ids; bars that nothing was measured for are left out
 */
export function verdicts(values) {
  return BARS.filter(({ id }) => id in values).map((bar) => {
    const value = values[bar.id];
    const shortfall = bar.atLeast === undefined ? value / bar.atMost : bar.atLeast / value;
    return {
      ...bar,
      value,
      bar: bar.atLeast === undefined ? `≤ ${bar.atMost}` : `≥ ${bar.atLeast}`,
      isMet: shortfall <= 1,
      isFarOff: !(shortfall <= QUICK_SLACK),
    };
  });
}
