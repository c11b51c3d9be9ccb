import { ValidateBy } from 'class-validator';

/** A secret as it stands, or where it is to be had. */
export type SecretSource = string | { readonly env: string } | { readonly file: string };

export const IsSecretSource = (): PropertyDecorator =>
  ValidateBy(
    { name: 'isSecretSource', validator: { validate: isSecretSource } },
    { message: 'must be a text, {"env": "NAME"} or {"file": "path"}' },
  );

function isSecretSource(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  const [entry, ...others] = Object.entries(value ?? {});
  return (
    entry !== undefined && others.length === 0 && ['env', 'file'].includes(entry[0]) && typeof entry[1] === 'string'
  );
}
