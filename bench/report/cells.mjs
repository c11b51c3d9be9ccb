// Figures as they are read.
const SATURATED = 0.95;

export const perSecond = (value) => `${Math.round(value).toLocaleString('en')}/s`;

export const ms = (value) => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value).toLocaleString('en')} ms`);

export const mb = (value) => `${Math.round(value)} MB`;

export const ratio = (value) => (value >= 100 ? String(Math.round(value)) : value.toFixed(2));

export const percent = (share) => `${Math.round(share * 100)} %`;

/** How busy the generator was, and the busiest core but the server's. A server can do more than a saturated one asks for. */
export function generator({ generatorCpu, busy }) {
  const limit = generatorCpu > SATURATED ? ', **saturated**' : busy.load > SATURATED ? ', **its core is full**' : '';
  return `${percent(generatorCpu)} of ${percent(busy.load)}${limit}`;
}
