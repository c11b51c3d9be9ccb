import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

export interface Asset {
  readonly type: string;
  readonly content: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const OWN = [
  'api.js',
  'charts.js',
  'console.css',
  'console.js',
  'dom.js',
  'format.js',
  'icon.svg',
  'tables.js',
  'timeline.js',
];
const PUBLIC = join(import.meta.dirname, 'public');

/** What the console's page loads, by name; nothing else is served, whatever is asked for. */
export function consoleAssets(): ReadonlyMap<string, Asset> {
  const { resolve } = createRequire(import.meta.url);
  const files = [
    ...OWN.map((name) => [name, join(PUBLIC, name)] as const),
    ['uplot.js', resolve('uplot/dist/uPlot.esm.js')] as const,
    ['uplot.css', resolve('uplot/dist/uPlot.min.css')] as const,
  ];
  return new Map(files.map(([name, file]) => [name, { type: TYPES[extname(name)] ?? '', content: read(file) }]));
}

/** @param tokenPath where the page gets its access token */
export function consolePage(tokenPath: string): string {
  // The page is at /console: what is relative to it keeps to a path that a proxy may put before it.
  return read(join(PUBLIC, 'console.html')).replace('{{tokenPath}}', tokenPath.slice(1));
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
