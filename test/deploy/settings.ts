import 'reflect-metadata';
import { Environment } from '../../src/config/environment.js';

/** The gateway's settings, by name. */
export const SETTINGS: ReadonlySet<string> = new Set(Object.keys(new Environment()));

/** What a wrong spelling would leave without effect. */
export function unknownSettings(names: Iterable<string>): string[] {
  return [...names].filter((name) => !SETTINGS.has(name));
}
