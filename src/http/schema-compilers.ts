import { createRequire } from 'node:module';

type Build = (...given: unknown[]) => unknown;

const ownRequire = createRequire(import.meta.url);

/**
 * Fastify loads its compilers of JSON schemas, a hundred files, before it knows whether a route has one. None of the gateway's has;
 * should another bring one, they are loaded for it.
 */
export const compilersWhenNeeded = {
  buildValidator: onceNeeded('@fastify/ajv-compiler'),
  buildSerializer: onceNeeded('@fastify/fast-json-stringify-compiler'),
};

function onceNeeded(name: string): Build {
  let build: Build | undefined;
  return (...given) => {
    // They are fastify's dependencies, and found from where it is.
    build ??= (createRequire(ownRequire.resolve('fastify'))(name) as () => Build)();
    return build(...given);
  };
}
