/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number[]} values @param {number} share 0 to 1 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
}

/** The median of each figure, over the rounds of a measure. */
export function medians(results) {
  const figures = ['perSecond', 'p50Ms', 'p99Ms', 'p999Ms', 'generatorCpu'];
  const of = (pick) => median(results.map(pick));
  return {
    ...Object.fromEntries(figures.map((figure) => [figure, of((result) => result[figure])])),
    busy: { server: of(({ busy }) => busy.server), load: of(({ busy }) => busy.load) },
  };
}

/** Of the line that fits best. @param {[number, number][]} points */
export function slope(points) {
  const mean = (pick) => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const across = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : across / spread;
}
