/** An error of a command's own, told as it stands. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** What went wrong, in a line and without a stack. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.name === 'InvalidRequest' ? asOption(error.message) : messageOf(error);
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** A connection that was refused on several addresses has its messages inside. */
function messageOf(error: Error): string {
  const causes = error instanceof AggregateError ? (error.errors as Error[]).map(({ message }) => message) : [];
  return error.message || causes.join(', ') || error.name;
}

/** The services' field is the command's option: `merchantGatewayId is …` is told as `--merchant-gateway-id is …`. */
function asOption(message: string): string {
  return message.replace(/^[a-z][A-Za-z]*/, (field) => `--${field.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`);
}
