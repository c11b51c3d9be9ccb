// Whether memory grows with the cases: by the slope of what is left after a collection, not by how much there is.

/** What one leaked object takes at the least: a short string in a map. */
const LEAK_BYTES_PER_CASE = 50;
/** Fewer say nothing of a slope. */
const FEWEST_SAMPLES = 6;
/** Of the slope, before it counts. */
const STANDARD_ERRORS = 3;

/**
 * Least squares over the second half of the cases: in the first one caches fill, which are bounded.
 *
 * @param samples `{ cases, keptBytes }`, in order
 * @returns `{ bytesPerCase, errorBytesPerCase }`, or undefined where there are too few
 */
export function growth(samples) {
  const half = (samples.at(-1)?.cases ?? 0) / 2;
  const late = samples.filter(({ cases }) => cases >= half);
  if (late.length < FEWEST_SAMPLES) return undefined;
  const mean = (of) => late.reduce((sum, sample) => sum + of(sample), 0) / late.length;
  const meanCases = mean(({ cases }) => cases);
  const meanBytes = mean(({ keptBytes }) => keptBytes);
  const spread = mean(({ cases }) => (cases - meanCases) ** 2) * late.length;
  const bytesPerCase =
    (mean(({ cases, keptBytes }) => (cases - meanCases) * (keptBytes - meanBytes)) * late.length) / spread;
  const residual = ({ cases, keptBytes }) => keptBytes - meanBytes - bytesPerCase * (cases - meanCases);
  const variance = (mean((sample) => residual(sample) ** 2) * late.length) / (late.length - 2);
  return { bytesPerCase, errorBytesPerCase: Math.sqrt(variance / spread) };
}

/** Whether it is beyond doubt that more than the least leak is added with each case. */
export function isLeak({ bytesPerCase, errorBytesPerCase }) {
  return bytesPerCase - STANDARD_ERRORS * errorBytesPerCase > LEAK_BYTES_PER_CASE;
}
