import { createRequire } from 'node:module';
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import { type Descriptor, descriptorAt, partFor } from './descriptors.ts';

const require = createRequire(import.meta.url);
/** By the names of their services. */
const packages = new Map<string, loader.PackageDefinition>();

/**
 * Loads the service definitions that ship as JSON in a Google client package. Their messages are read when the first is
 * encoded or decoded: that takes a tenth of a second, and not every service is called.
 * 64-bit integers are decimal strings, enums their names, bytes Buffers, absent oneof members absent.
 * @param module path of the descriptor: `@google-cloud/tasks/build/protos/protos.json`.
 * @param service full name: `google.cloud.tasks.v2.CloudTasks`.
 */
export function loadService(module: string, service: string): grpc.ServiceDefinition {
  const { methods } = descriptorAt(require(module) as Descriptor, service.split('.')) ?? {};
  if (!methods) throw new Error(`${service} is not a service of ${module}`);
  return Object.fromEntries(
    Object.entries(methods).map(([name, { requestStream = false, responseStream = false }]) => {
      let read: grpc.MethodDefinition<unknown, unknown> | undefined;
      const method = () => {
        read ??= packageOf(module, service)[service]?.[name as never] as unknown as grpc.MethodDefinition<
          unknown,
          unknown
        >;
        return read;
      };
      const definition: grpc.MethodDefinition<unknown, unknown> = {
        ...{ path: `/${service}/${name}`, requestStream, responseStream },
        originalName: name.charAt(0).toLowerCase() + name.slice(1),
        requestSerialize: (value) => method().requestSerialize(value),
        requestDeserialize: (bytes) => method().requestDeserialize(bytes),
        responseSerialize: (value) => method().responseSerialize(value),
        responseDeserialize: (bytes) => method().responseDeserialize(bytes),
      };
      return [name, definition];
    }),
  );
}

function packageOf(module: string, service: string): loader.PackageDefinition {
  let read = packages.get(service);
  if (!read) {
    const options = { longs: String, enums: String, bytes: Buffer, defaults: true, oneofs: true, keepCase: false };
    read = loader.fromJSON(partFor(require(module) as Descriptor, service), options);
    packages.set(service, read);
  }
  return read;
}

/** An answer that is an error, on the wire of gRPC: `throw new RpcError(grpc.status.NOT_FOUND, 'no such topic')`. */
export class RpcError extends Error {
  readonly code: grpc.status;
  constructor(code: grpc.status, message: string) {
    super(message);
    this.code = code;
  }
}

type Unary<Request, Response> = (
  request: Request,
  call: grpc.ServerUnaryCall<Request, Response>,
) => Response | Promise<Response>;

/** Turns a plain function into a unary method; what it throws becomes the call's status (INTERNAL when it is no RpcError). */
export function unary<Request, Response>(method: Unary<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => method(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toStatus(error)),
      );
  };
}

/** The status an error leaves with. An error that is not an RpcError is a bug of the service: INTERNAL, with its stack. */
export function toStatus(error: unknown): grpc.StatusObject & Error {
  const code = error instanceof RpcError ? error.code : grpc.status.INTERNAL;
  const details = error instanceof RpcError ? error.message : String(error instanceof Error ? error.stack : error);
  return Object.assign(new Error(details), { code, details, metadata: new grpc.Metadata() });
}

/**
 * Fills in every method of the definition that `methods` leaves out with one that answers UNIMPLEMENTED and its name,
 * so that nothing unsupported is ever ignored.
 */
export function implement(
  definition: grpc.ServiceDefinition,
  methods: Record<string, grpc.UntypedHandleCall>,
): { definition: grpc.ServiceDefinition; implementation: grpc.UntypedServiceImplementation } {
  const implementation: Record<string, grpc.UntypedHandleCall> = {};
  for (const [name, method] of Object.entries(definition)) {
    const key = name.charAt(0).toLowerCase() + name.slice(1);
    implementation[name] = methods[key] ?? refuse(method);
  }
  return { definition, implementation };
}

function refuse(method: { path: string; requestStream: boolean; responseStream: boolean }): grpc.UntypedHandleCall {
  const error = () => toStatus(new RpcError(grpc.status.UNIMPLEMENTED, `${method.path} is not supported locally`));
  if (method.responseStream) {
    return ((call: grpc.ServerDuplexStream<unknown, unknown>) => call.emit('error', error())) as grpc.UntypedHandleCall;
  }
  return ((_call: unknown, callback: grpc.sendUnaryData<unknown>) => callback(error())) as grpc.UntypedHandleCall;
}
