import * as Comlink from 'comlink';
import { AbortError, WorkbenchError, type ErrorCode } from '../../src/utils/errors';

/** An error as plain data, so that its code, details and name cross a worker's border. */
interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: ErrorCode;
  readonly details?: Readonly<Record<string, unknown>>;
}

interface Thrown {
  readonly value: unknown;
}

function encodeError(value: unknown): WireError {
  if (value instanceof WorkbenchError) {
    return { name: value.name, message: value.message, stack: value.stack, code: value.code, details: value.details };
  }
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  return { name: 'Error', message: String(value) };
}

function decodeError(wire: WireError): Error {
  if (wire.code) return new WorkbenchError(wire.code, wire.message, wire.details);
  if (wire.name === 'AbortError') return new AbortError(wire.message);
  const error = new Error(wire.message);
  error.name = wire.name;
  error.stack = wire.stack;
  return error;
}

/** Teaches Comlink, in this thread, to carry our errors and abort signals. Call once on each side. */
export function installWire(): void {
  const builtIn = Comlink.transferHandlers.get('throw');
  if (!builtIn) throw new Error('invariant: comlink has no throw handler');
  const carryErrors: Comlink.TransferHandler<Thrown, WireError> = {
    canHandle: (value): value is Thrown => builtIn.canHandle(value),
    serialize: ({ value }) => [encodeError(value), []],
    deserialize: (wire) => {
      throw decodeError(wire);
    },
  };
  Comlink.transferHandlers.set('throw', carryErrors);
  const carrySignals: Comlink.TransferHandler<AbortSignal, MessagePort> = {
    canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
    serialize: (signal) => {
      const { port1, port2 } = new MessageChannel();
      if (signal.aborted) port1.postMessage('abort');
      else signal.addEventListener('abort', () => port1.postMessage('abort'), { once: true });
      return [port2, [port2]];
    },
    deserialize: (port) => {
      const controller = new AbortController();
      port.addEventListener('message', () => {
        controller.abort();
        port.close();
      });
      port.start();
      return controller.signal;
    },
  };
  Comlink.transferHandlers.set('signal', carrySignals);
}
