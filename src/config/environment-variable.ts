/** A variable that the configuration does not know but a provisioning file names. Empty counts as unset. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name] || undefined;
}
