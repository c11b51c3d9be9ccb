/** An HTTP answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as text; empty where there is none. */
  readonly body: string;
  readonly json: <T = unknown>() => T;
}
