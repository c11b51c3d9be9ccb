import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The engine this project's suites run on. */
    engine: 'sqlite' | 'postgres';
    /** A server on which databases may be made; only where the engine is PostgreSQL. */
    postgresUrl: string;
  }
}
