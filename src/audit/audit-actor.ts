/** Who does something, and from where, as the audit log has it. */
export interface AuditActor {
  readonly clientId: string | null;
  readonly remoteAddress: string;
  readonly correlationId: string;
}
