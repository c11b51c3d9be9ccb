import { InvalidArgumentError } from 'commander';

const MAX_PORT = 65_535;

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= MAX_PORT))
    throw new InvalidArgumentError(`It must be a port: 0 to ${MAX_PORT}; 0 takes any that is free.`);
  return port;
}
