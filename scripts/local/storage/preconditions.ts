import { conditionNotMet, invalid, NotModified } from './errors.ts';
import type { ObjectRow } from './tables.ts';

/** What must hold of an object for a request to be carried out; generation 0 stands for no live version. */
export interface Preconditions {
  readonly generationMatch?: number;
  readonly generationNotMatch?: number;
  readonly metagenerationMatch?: number;
  readonly metagenerationNotMatch?: number;
}

/**
 * Reads the parameters `ifGenerationMatch`, `ifGenerationNotMatch`, `ifMetagenerationMatch`, `ifMetagenerationNotMatch`.
 * @param prefix `if`, or `ifSource` for those about the source of a copy.
 */
export function preconditionsOf(params: URLSearchParams, prefix: 'if' | 'ifSource' = 'if'): Preconditions {
  const found: Record<string, number> = {};
  for (const name of ['GenerationMatch', 'GenerationNotMatch', 'MetagenerationMatch', 'MetagenerationNotMatch']) {
    const value = integerOf(params, prefix + name);
    if (value !== undefined) found[name.charAt(0).toLowerCase() + name.slice(1)] = value;
  }
  return found;
}

/** An integer parameter, undefined when it is absent. @throws HttpError 400. */
export function integerOf(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw invalid(`Invalid value for: ${name}: ${text} is not an integer`);
  return value;
}

/**
 * @param current what is there now; undefined when there is nothing.
 * @throws HttpError 412; of a read, or of a copy's source, NotModified when a NotMatch condition fails.
 */
export function check(
  conditions: Preconditions,
  current: ObjectRow | undefined,
  kind: 'read' | 'write' | 'source' = 'write',
): void {
  const generation = current?.generation ?? 0;
  const { generationMatch, generationNotMatch, metagenerationMatch, metagenerationNotMatch } = conditions;
  if (generationMatch !== undefined && generationMatch !== generation) throw conditionNotMet();
  if (metagenerationMatch !== undefined && metagenerationMatch !== current?.metageneration) throw conditionNotMet();
  const sameGeneration = generationNotMatch !== undefined && generationNotMatch === generation;
  const sameMetageneration = metagenerationNotMatch !== undefined && metagenerationNotMatch === current?.metageneration;
  if (sameGeneration || sameMetageneration) throw kind !== 'write' ? new NotModified() : conditionNotMet();
}
