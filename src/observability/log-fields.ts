/** All that a line of the log may hold, whoever writes it: another field's value is left out. None of these is ever a secret. */
export const LOG_FIELDS: ReadonlySet<string> = new Set([
  // Of the line.
  'level',
  'time',
  'msg',
  'context',
  'stack',
  'unlisted',
  // What a request or a delivery was.
  'method',
  'route',
  'status',
  'durationMs',
  'correlationId',
  'remoteAddress',
  'clientId',
  'merchantGatewayId',
  'merchantId',
  'tokenId',
  'notificationId',
  'deliveryId',
  // Why something went wrong. A statement comes without its parameters.
  'error',
  'detail',
  'cause',
  'query',
  // Of the start and the end.
  'publicUrl',
  'engine',
  'd1Authentication',
  'host',
  'port',
  'file',
  'signal',
  // Who it is about, beside callers. What a team's code adds stands in `fields`.
  'team',
  'handler',
  'handlers',
  'kid',
  'fields',
  // How many, how long, since when.
  'merchantGateways',
  'merchants',
  'tokens',
  'clients',
  'calls',
  'tries',
  'requests',
  'matched',
  'made',
  'dropped',
  'deleted',
  'heldMs',
  'jumpMs',
  'signsFrom',
]);

/** What of them is on the list, and the names alone of what is not. */
export function listedFields(fields: object): object {
  const listed: [string, unknown][] = [];
  const unlisted: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (LOG_FIELDS.has(name)) listed.push([name, value]);
    else unlisted.push(name);
  }
  return unlisted.length === 0 ? fields : { ...Object.fromEntries(listed), unlisted };
}
