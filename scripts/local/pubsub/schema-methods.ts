import { unary } from '../plumbing/grpc.ts';
import { parseAvro } from './avro/schema.ts';
import type { Broker } from './broker.ts';
import { invalid, notFound, pageOf, projectName, resourceName } from './names.ts';
import { checkEncoding, checkMessage, checkSchema, type Schema, type SchemaMessage, schemaMessage } from './schemas.ts';

interface Page {
  readonly view: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

interface ValidateMessage {
  readonly name?: string;
  readonly schema?: SchemaMessage | null;
  readonly message: Uint8Array;
  readonly encoding: string;
}

/**
 * The methods of the SchemaService: Avro schemas, which keep the revision that they were created with. To commit another
 * is refused by name, as schemas of Protocol Buffers are.
 */
export function schemaMethods({ context, schemas }: Broker) {
  const write = <Request, Response>(work: (request: Request) => Response) =>
    unary((request: Request) => context.store.transaction(() => work(request)));
  /** By a name that may go on with `@REVISION`. */
  const find = (name: string): Schema => {
    const [plain = '', revision] = name.split('@');
    const schema = schemas.get(resourceName(plain, 'schemas'));
    if (revision !== undefined && revision !== schema.revision) throw notFound(name);
    return schema;
  };
  const withoutDefinition = (view: string) => (view === 'FULL' ? 'FULL' : 'BASIC');

  return {
    createSchema: write((request: { parent: string; schemaId: string; schema: SchemaMessage | null }) => {
      const parent = `${projectName(request.parent)}/schemas/`;
      // Google's client sends the whole name when a schema is made by its object.
      const id = request.schemaId.startsWith(parent) ? request.schemaId.slice(parent.length) : request.schemaId;
      return schemaMessage(schemas.create(resourceName(parent + id, 'schemas'), request.schema), 'FULL');
    }),
    getSchema: unary(({ name, view }: { name: string; view: string }) => schemaMessage(find(name), view)),
    listSchemas: unary((request: Page & { parent: string }) => {
      const all = schemas.list(projectName(request.parent));
      const { items, nextPageToken } = pageOf(all, (schema) => schema.name, request);
      return { schemas: items.map((schema) => schemaMessage(schema, withoutDefinition(request.view))), nextPageToken };
    }),
    listSchemaRevisions: unary(({ name, view }: Page & { name: string }) => ({
      schemas: [schemaMessage(find(name), withoutDefinition(view))],
    })),
    deleteSchema: write(({ name }: { name: string }) => {
      schemas.delete(resourceName(name, 'schemas'));
      return {};
    }),
    validateSchema: unary(({ parent, schema }: { parent: string; schema: SchemaMessage | null }) => {
      projectName(parent);
      checkSchema(schema);
      return {};
    }),
    validateMessage: unary(({ name, schema, message, encoding }: ValidateMessage) => {
      if (!name && !schema) throw invalid('A ValidateMessageRequest needs the name of a schema, or a schema.');
      const { definition } = name ? find(name) : checkSchema(schema ?? null);
      checkMessage(parseAvro(definition), checkEncoding(encoding), message);
      return {};
    }),
  };
}
