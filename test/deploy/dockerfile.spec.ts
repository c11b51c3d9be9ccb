import 'reflect-metadata';
import { DockerfileParser, type Copy, type JSONInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Environment } from '../../src/config/environment.js';
import { unknownSettings } from './settings.js';

const text = readFileSync('Dockerfile', 'utf8');
const dockerfile = DockerfileParser.parse(text);
const instructions = dockerfile.getInstructions();
const lastStage = instructions.slice(instructions.findLastIndex((one) => one.getKeyword() === 'FROM'));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe('the Dockerfile', () => {
  it('has no fault that a parser finds', () => {
    expect(validate('FROM node\nCOPY one')).not.toEqual([]);
    expect(validate(text)).toEqual([]);
  });

  it('takes Node 24 on one Debian release in all its stages', () => {
    const images = dockerfile.getFROMs().map((from) => from.getImage());

    expect(images).toEqual(['node:24-bookworm', 'node:24-bookworm', 'node:24-bookworm-slim']);
  });

  it('starts what npm start starts, without a shell in between', () => {
    expect(jsonOf('CMD').join(' ')).toBe(scripts.start);
    expect(argumentsOf('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(lastStage.map((one) => one.getKeyword())).not.toContain('ENTRYPOINT');
  });

  it('runs as a user that is not root, named by number', () => {
    expect(argumentsOf('USER')).toEqual(['1000:1000']);
  });

  it('has settings that the gateway knows; the port is the one that is exposed', () => {
    const env = Object.fromEntries(argumentsOf('ENV').map((pair) => pair.split('=')));

    expect(unknownSettings(Object.keys(env))).toEqual([]);
    expect(env).toEqual({ NODE_ENV: 'production', DATA_DIR: '/data', HOST: '0.0.0.0', PORT: '3000' });
    expect(argumentsOf('EXPOSE')).toEqual([String(new Environment().PORT)]);
    expect(jsonOf('VOLUME')).toEqual([env.DATA_DIR]);
  });

  it('checks readiness, which the OpenAPI document has', () => {
    const check = readFileSync('deploy/healthcheck.mjs', 'utf8');
    const { paths } = parse(readFileSync('docs/openapi.yaml', 'utf8')) as { paths: object };

    expect(lastStage.find((one) => one.getKeyword() === 'HEALTHCHECK')?.getArgumentsContent()).toContain(
      'CMD ["node", "healthcheck.mjs"]',
    );
    expect(check).toContain(`path: '/health/ready'`);
    expect(Object.keys(paths)).toContain('/health/ready');
  });

  it('copies what there is and what .dockerignore lets into the context, and nothing else is let in', () => {
    const copied = dockerfile
      .getCOPYs()
      .filter((copy) => !fromStage(copy))
      .flatMap((copy) => copy.getArguments().slice(0, -1).map(String));
    const [first, ...rest] = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    const letIn = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));

    expect(first).toBe('*');
    expect([...new Set(copied)].toSorted()).toEqual(letIn.toSorted());
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
  });
});

function argumentsOf(keyword: string): string[] {
  return lastStage.filter((one) => one.getKeyword() === keyword).flatMap((one) => one.getArguments().map(String));
}

function jsonOf(keyword: string): string[] {
  const instruction = lastStage.find((one) => one.getKeyword() === keyword) as JSONInstruction | undefined;
  return instruction?.getJSONStrings().map((one) => one.getJSONValue()) ?? [];
}

function fromStage(copy: Copy): boolean {
  return copy.getFlags().some((flag) => flag.getName() === 'from');
}
