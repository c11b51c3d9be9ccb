import type { DynamicModule, ForwardReference, Provider, Type } from '@nestjs/common';
import { GLOBAL_MODULE_METADATA, MODULE_METADATA } from '@nestjs/common/constants.js';

/** A Nest module as it is declared, before anything is made of it. */
export interface ModuleParts {
  readonly module: Type;
  readonly isGlobal: boolean;
  readonly providers: readonly Provider[];
  readonly controllers: readonly Type[];
}

type Import = Type | DynamicModule | ForwardReference<() => Type> | Promise<DynamicModule>;

/** A module and all that it imports, directly or not; each once. A dynamic module that is a promise is awaited. */
export async function moduleTree(root: Type): Promise<readonly ModuleParts[]> {
  const found: ModuleParts[] = [];
  const seen = new Set<unknown>();
  const visit = async (one: Import): Promise<void> => {
    const declared = await resolve(one);
    if (seen.has(declared)) return;
    seen.add(declared);
    const module = isDynamic(declared) ? declared.module : declared;
    const dynamic: Partial<DynamicModule> = isDynamic(declared) ? declared : {};
    const parts = <T>(key: 'imports' | 'providers' | 'controllers'): T[] => [
      ...((Reflect.getMetadata(MODULE_METADATA[keyName(key)], module) ?? []) as T[]),
      ...((dynamic[key] ?? []) as T[]),
    ];
    found.push({
      module,
      isGlobal: dynamic.global === true || Reflect.getMetadata(GLOBAL_MODULE_METADATA, module) === true,
      providers: parts<Provider>('providers'),
      controllers: parts<Type>('controllers'),
    });
    for (const next of parts<Import>('imports')) await visit(next);
  };
  await visit(root);
  return found;
}

async function resolve(one: Import): Promise<Type | DynamicModule> {
  const awaited = await one;
  return 'forwardRef' in awaited ? (awaited as ForwardReference<() => Type>).forwardRef() : (awaited as Type);
}

function isDynamic(one: Type | DynamicModule): one is DynamicModule {
  return typeof one === 'object';
}

function keyName(key: 'imports' | 'providers' | 'controllers'): 'IMPORTS' | 'PROVIDERS' | 'CONTROLLERS' {
  return key.toUpperCase() as 'IMPORTS' | 'PROVIDERS' | 'CONTROLLERS';
}
