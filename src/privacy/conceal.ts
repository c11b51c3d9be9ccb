import { inspect } from 'node:util';

const CONCEALED = '[secret]';

/** Keeps properties out of what `console.log`, a logger or an error would show of an object; whoever asks for them has them. */
export function conceal<T extends object>(object: T, ...names: readonly (keyof T & string)[]): T {
  const shown = (): object => ({
    ...object,
    ...Object.fromEntries(names.filter((name) => name in object).map((name) => [name, CONCEALED])),
  });
  return Object.defineProperties(object, {
    [inspect.custom]: { value: shown, enumerable: false },
    toJSON: { value: shown, enumerable: false },
  });
}
