// Card numbers have no business here, and so none is kept or logged (PCI DSS 4, requirements 3.3 to 3.5 and 10). What looks
// like one is masked but for its last four digits.

/** 13 digits or more, apart by a space or a hyphen at most: what has no such run holds no card number. */
const RUN = /\d(?:[ -]?\d){12,}/;
/** Of 300 of ours (RFC 9562) one holds digits that look like a card number's; whoever reads a log looks for it by all of them. */
const UUID = /(?<![\da-f-])[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}(?![\da-f-])/;
const UUID_OR_RUN = new RegExp(`(${UUID.source})|${RUN.source}`, 'gi');
const HAS_RUN = /\d(?:[ -]?\d){12}/;

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
const KEPT_DIGITS = 4;

/** ISO/IEC 7812: what cards for paying begin with. So times in milliseconds, which begin with 1, are left alone. */
const ISSUER = /^(?:[2-6]|8[12]|9792)/;

/**
 * A text with every card number in it masked: 13 to 19 digits, with or without spaces or hyphens between them, that begin as
 * a card's do and whose check digit is right (ISO/IEC 7812-1, annex B). More than 19 digits in a row are something else, and
 * so is what stands in a UUID.
 */
export function maskPan(text: string): string {
  if (!HAS_RUN.test(text)) return text;
  return text.replaceAll(UUID_OR_RUN, (found, uuid?: string) => uuid ?? maskRun(found));
}

/**
 * The same for JSON, which stays JSON: a number that is a card's becomes a text, and so do digits that are written as
 * escapes. What holds none is returned as it came, to the letter.
 */
export function maskPanInJson(json: string): string {
  if (!HAS_RUN.test(json) && !ESCAPED_DIGIT.test(json)) return json;
  return json.replaceAll(TOKEN, (token) => (token.startsWith('"') ? maskJsonText(token) : maskJsonNumber(token)));
}

/** A digit, a space or a hyphen, as an escape. */
const ESCAPED_DIGIT = /\\u00[23]/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

function maskJsonText(token: string): string {
  if (!token.includes('\\')) return maskPan(token);
  const text = parsed(token);
  if (typeof text !== 'string') return maskPan(token);
  const masked = maskPan(text);
  return masked === text ? token : JSON.stringify(masked);
}

function maskJsonNumber(token: string): string {
  // 4.1e15 says 4100000000000000, too; where a double cannot hold all digits, the text does.
  const value = Number(token);
  const digits = Number.isSafeInteger(value) ? String(value) : token;
  const masked = maskPan(digits);
  return masked === digits ? token : JSON.stringify(masked);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A number may stand beside others, apart by a space: it begins and ends where a group of digits does. */
function maskRun(run: string): string {
  const groups = run.split(/([ -])/);
  let masked = '';
  let at = 0;
  while (at < groups.length) {
    const end = at % 2 === 0 ? endOfPan(groups, at) : undefined;
    const taken = groups.slice(at, end ?? at + 1).join('');
    masked += end === undefined ? taken : maskAll(taken);
    at = end ?? at + 1;
  }
  return masked;
}

/** @returns the index behind the last group of the longest card number that begins with this one */
function endOfPan(groups: readonly string[], begin: number): number | undefined {
  let digits = '';
  let end: number | undefined;
  for (let at = begin; at < groups.length && digits.length < MAX_DIGITS; at += 2) {
    digits += groups[at];
    if (isPan(digits)) end = at + 1;
  }
  return end;
}

function isPan(digits: string): boolean {
  return digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS && ISSUER.test(digits) && passesLuhn(digits);
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let fromEnd = 0; fromEnd < digits.length; fromEnd += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - fromEnd) - 48;
    const doubled = fromEnd % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function maskAll(pan: string): string {
  let left = pan.replaceAll(/\D/g, '').length;
  return pan.replaceAll(/\d/g, (digit) => {
    left -= 1;
    return left < KEPT_DIGITS ? digit : '*';
  });
}
