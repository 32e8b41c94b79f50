import { DocumentVersion } from './documents.ts';
import { encodeFields } from './encode-fields.ts';
import { alreadyExists, failedPrecondition, invalid, notFound } from './errors.ts';
import { getField, isName, parseFieldPath, withField } from './field-paths.ts';
import { checkIndexEntries, isWithinLimits } from './index-entries.ts';
import { checkSize, checkWrittenPath, normalize } from './limits.ts';
import { type FieldTransform, transform } from './transforms.ts';
import { type Fields, identicalFields, type ProtoTimestamp, toMicros, toProtoTimestamp, type Value } from './values.ts';

export interface Precondition {
  conditionType?: 'exists' | 'updateTime';
  exists?: boolean;
  updateTime?: ProtoTimestamp | null;
}

/** `google.firestore.v1.Write` as decoded. */
export interface Write {
  operation?: 'update' | 'delete' | 'transform';
  update?: { name: string; fields: Fields } | null;
  delete?: string;
  transform?: { document: string; fieldTransforms: FieldTransform[] } | null;
  updateMask?: { fieldPaths: string[] } | null;
  updateTransforms?: FieldTransform[];
  currentDocument?: Precondition | null;
}

export interface WriteResult {
  updateTime: ProtoTimestamp | null;
  transformResults: Value[];
}

/** The name of the document that a write is about. */
export function nameOf(write: Write): string {
  if (write.operation === 'update' && write.update) return write.update.name;
  if (write.operation === 'delete' && write.delete) return write.delete;
  if (write.operation === 'transform' && write.transform) return write.transform.document;
  throw invalid('A write must have an operation: update, delete or transform.');
}

/**
 * What the document of a key is after a write at `time` (microseconds), and the write's result. A write that changes
 * nothing returns `before` itself.
 */
export function applyWrite(
  key: string,
  write: Write,
  before: DocumentVersion | undefined,
  time: number,
): { after: DocumentVersion | undefined; result: WriteResult } {
  const name = nameOf(write);
  checkPrecondition(write.currentDocument, before, name);
  if (write.operation === 'delete') return { after: undefined, result: { updateTime: null, transformResults: [] } };
  const { fields, results } = newFields(write, before, time);
  if (before && identicalFields(before.fields, fields)) {
    return { after: before, result: { updateTime: toProtoTimestamp(before.updated), transformResults: results } };
  }
  const data = encodeFields(fields);
  if (!isWithinLimits(name, data.length)) {
    checkSize(name, fields);
    checkIndexEntries(name, fields);
  }
  const row = { key, created: before?.created ?? time, updated: time, data };
  return {
    after: new DocumentVersion(row, fields),
    result: { updateTime: toProtoTimestamp(time), transformResults: results },
  };
}

function newFields(
  write: Write,
  before: DocumentVersion | undefined,
  time: number,
): { fields: Fields; results: Value[] } {
  if (write.operation === 'transform') {
    return transform(before?.fields ?? {}, write.transform?.fieldTransforms ?? [], time);
  }
  const given = normalize(write.update?.fields ?? {});
  const base = write.updateMask ? masked(before?.fields ?? {}, given, write.updateMask.fieldPaths) : given;
  return transform(base, write.updateTransforms ?? [], time);
}

/** Fields with those of the mask replaced by what is given, or taken out when they are not given. */
function masked(before: Fields, given: Fields, mask: readonly string[]): Fields {
  let fields = before;
  for (const text of mask) {
    const path = parseFieldPath(text);
    if (isName(path)) throw invalid('__name__ cannot be in an update mask.');
    checkWrittenPath(path);
    fields = withField(fields, path, getField(given, path));
  }
  return fields;
}

function checkPrecondition(
  condition: Precondition | null | undefined,
  before: DocumentVersion | undefined,
  name: string,
): void {
  if (condition?.conditionType === 'exists') {
    if (condition.exists && !before) throw notFound(`No document to update: ${name}`);
    if (!condition.exists && before) throw alreadyExists(`Document already exists: ${name}`);
  }
  if (condition?.conditionType !== 'updateTime' || !condition.updateTime) return;
  const required = toMicros(condition.updateTime);
  if (before?.updated === required) return;
  throw failedPrecondition(
    `the stored version (${before?.updated ?? 0}) does not match the required base version (${required}) of ${name}`,
  );
}
