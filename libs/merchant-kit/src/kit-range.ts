type Version = readonly [major: number, minor: number, patch: number];

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;
const CARET = /^\^(\d+)\.(\d+)(?:\.(\d+))?$/;

/**
 * Whether a version is in a range of carets: `^1.2`, `^1.2.3`, `^1.4 || ^2.0`. No other form is taken: a kit keeps its
 * promises within a major version, and a range that says otherwise would be wrong.
 *
 * @returns undefined where the range has another form
 */
export function inKitRange(version: string, range: string): boolean | undefined {
  const actual = parse(VERSION, version);
  const lowest = range.split('||').map((part) => parse(CARET, part.trim()));
  if (!actual || lowest.some((one) => one === undefined)) return undefined;
  return lowest.some((from) => from !== undefined && reaches(actual, from));
}

/** Semantic versioning, item 8: within a major version nothing breaks. */
function reaches([major, minor, patch]: Version, from: Version): boolean {
  if (major !== from[0]) return false;
  return minor === from[1] ? patch >= from[2] : minor > from[1];
}

function parse(pattern: RegExp, text: string): Version | undefined {
  const found = pattern.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
}
