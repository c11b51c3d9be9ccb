/**
 * What an error body says, for people, on one line: D1's `errorCode` and `error`, or OAuth's `error` and
 * `error_description`. Empty if it says nothing.
 */
export function errorText(body: string): string {
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    return '';
  }
  if (typeof fields !== 'object' || fields === null) return '';
  const { errorCode, error, error_description } = fields as Record<string, unknown>;
  return (
    [errorCode, error, error_description]
      .filter((part) => typeof part === 'string')
      .join(': ')
      // It ends up on a terminal: no escape sequences.
      .replace(/\p{Cc}/gu, ' ')
      .slice(0, 200)
  );
}
