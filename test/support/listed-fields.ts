/** All that a line of the log may hold. Written out once more: what is added to the gateway's own list is seen here. */
const FIELDS: ReadonlySet<string> = new Set(
  (
    'level time msg context stack method route status durationMs correlationId remoteAddress clientId merchantGatewayId ' +
    'merchantId tokenId notificationId deliveryId error detail cause query publicUrl engine d1Authentication host port file ' +
    'signal team handler handlers kid fields merchantGateways merchants tokens clients calls tries requests matched made ' +
    'dropped deleted heldMs jumpMs signsFrom'
  ).split(' '),
);

/** Of every gateway that a test starts, whatever it was made to write. */
export function assertListed(lines: readonly string[]): void {
  for (const line of lines) {
    const others = Object.keys(JSON.parse(line) as object).filter((name) => !FIELDS.has(name));
    if (others.length > 0) throw new Error(`A line of the log holds ${others.join(', ')}: ${line}`);
  }
}
