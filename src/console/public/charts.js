// Two charts, drawn by uPlot; colours come from the style sheet, so that they follow light and dark.
import uPlot from './uplot.js';
import { count, duration } from './format.js';
import { at } from './dom.js';

/** @typedef {{ at: string, accepted: number, delivered: number, p50Ms: number | null, p95Ms: number | null, p99Ms: number | null }} Minute */

const HEIGHT = 220;

/** @type {Map<string, uPlot>} */
const charts = new Map();
/** @type {readonly Minute[]} */
let shown = [];

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const chart of charts.values()) chart.destroy();
  charts.clear();
  draw(shown);
});

/** @param {readonly Minute[]} minutes */
export function draw(minutes) {
  shown = minutes;
  // The minute under way would look like a collapse.
  const past = minutes.slice(0, -1);
  const x = past.map((minute) => Date.parse(minute.at) / 1000);
  show('volume-chart', volumeOptions, [
    x,
    past.map(({ accepted }) => accepted),
    past.map(({ delivered }) => delivered),
  ]);
  show('latency-chart', latencyOptions, [
    x,
    past.map(({ p50Ms }) => p50Ms),
    past.map(({ p95Ms }) => p95Ms),
    past.map(({ p99Ms }) => p99Ms),
  ]);
}

/** @param {string} id @param {() => any} options @param {any} data */
function show(id, options, data) {
  const known = charts.get(id);
  if (known) {
    known.setData(data);
    return;
  }
  const place = at(id);
  const chart = new uPlot({ width: place.clientWidth, height: HEIGHT, ...options() }, data, place);
  charts.set(id, chart);
  new ResizeObserver(() => charts.get(id)?.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
}

function volumeOptions() {
  return {
    ...common(),
    scales: {
      y: {
        range: (/** @type {uPlot} */ _u, /** @type {number} */ _min, /** @type {number} */ max) => [
          0,
          Math.max(max * 1.1, 5),
        ],
      },
    },
    series: [
      { value: clock },
      {
        label: 'Accepted',
        stroke: colour('--series-1'),
        fill: colour('--series-1-fill'),
        width: 2,
        points: NONE,
        value: number,
      },
      { label: 'Delivered', stroke: colour('--series-2'), width: 2, points: NONE, value: number },
    ],
    axes: [xAxis(), { ...axis(), size: 48, incrs: WHOLE }],
  };
}

function latencyOptions() {
  const line = (/** @type {string} */ label, /** @type {string} */ stroke) => ({
    label,
    stroke: colour(stroke),
    width: 2,
    spanGaps: true,
    points: { size: 4 },
    value: (/** @type {uPlot} */ _u, /** @type {number | null} */ ms) => duration(ms),
  });
  return {
    ...common(),
    scales: { y: { distr: 3 } },
    series: [{ value: clock }, line('Half', '--series-1'), line('95 %', '--series-2'), line('99 %', '--series-3')],
    axes: [
      xAxis(),
      {
        ...axis(),
        size: 64,
        // One mark for each power of ten.
        values: (/** @type {uPlot} */ _u, /** @type {number[]} */ marks) =>
          marks.map((ms) => (ms !== null && Number.isInteger(Math.log10(ms)) ? duration(ms) : '')),
      },
    ],
  };
}

const NONE = { show: false };
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000];
const number = (/** @type {uPlot} */ _u, /** @type {number | null} */ value) => (value === null ? '–' : count(value));
const clock = (/** @type {uPlot} */ _u, /** @type {number | null} */ seconds) =>
  seconds === null ? '–' : new Date(seconds * 1000).toTimeString().slice(0, 5);

function common() {
  return { cursor: { y: false, drag: { x: false, y: false } }, legend: { live: true } };
}

function xAxis() {
  return {
    ...axis(),
    space: 70,
    size: 32,
    values: (/** @type {uPlot} */ _u, /** @type {number[]} */ marks) => marks.map((mark) => clock(_u, mark)),
  };
}

function axis() {
  return {
    stroke: colour('--muted'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
}

/** @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
