import { WorkbenchError, type ErrorCode } from '../../utils/errors';
import { Shard } from './shard';
import type { ShardPort, ShardSteps } from './types';
import type { Kernels } from '../../kernels/types';

/** The part of a worker, of either host, that is used here. */
export interface MessageEnd {
  post(message: unknown, transfer: readonly ArrayBufferLike[]): void;
  onMessage(listener: (message: unknown) => void): void;
}

interface Call {
  readonly step: keyof ShardSteps;
  readonly args: readonly unknown[];
}

/** What went wrong, as plain data. */
interface Fault {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly stack: string | undefined;
}

type Answer = { readonly value: unknown } | { readonly fault: Fault };

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A shard in another worker. Answers come in the order of the calls, so they carry no numbers.
 * @param onLost calls back when the worker has died.
 */
export function shardPort(
  end: MessageEnd,
  onLost: (lost: (why: string) => void) => void,
  close: () => void,
): ShardPort {
  const waiting: Waiting[] = [];
  let gone: WorkbenchError | null = null;
  const lose = (why: string) => {
    gone ??= new WorkbenchError(
      'WORKER_LOST',
      `A worker that held part of the rows stopped (${why}), so this training was stopped. Nothing else was touched; run it again, with fewer threads or rows if it happens again.`,
    );
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  onLost(lose);
  end.onMessage((message) => {
    const answer = message as Answer;
    const first = waiting.shift();
    if ('fault' in answer) first?.reject(errorOf(answer.fault));
    else first?.resolve(answer.value as never);
  });
  return {
    call: (step, args, transfer = []) =>
      new Promise((resolve, reject) => {
        if (gone) {
          reject(gone);
          return;
        }
        waiting.push({ resolve, reject });
        const call: Call = { step, args };
        end.post(call, transfer);
      }),
    close: () => {
      lose('it was closed');
      close();
    },
  };
}

/** Answers calls from the other end with a shard of its own. */
export function serveShard(end: MessageEnd, kernels: Kernels): void {
  const shard: ShardSteps = new Shard(kernels);
  end.onMessage((message) => {
    const { step, args } = message as Call;
    try {
      const value = (shard[step] as (...all: readonly unknown[]) => unknown)(...args);
      end.post({ value } satisfies Answer, givenAway(value));
    } catch (error) {
      end.post({ fault: faultOf(error) } satisfies Answer, []);
    }
  });
}

/** Histograms and margins are copies of the shard's, made to be given away. */
function givenAway(value: unknown): readonly ArrayBufferLike[] {
  if (value instanceof Float32Array) return [value.buffer];
  if (typeof value !== 'object' || value === null || !('histograms' in value)) return [];
  return value.histograms instanceof Int32Array ? [value.histograms.buffer] : [];
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { code: null, message: String(error), stack: undefined };
  const code = error instanceof WorkbenchError ? error.code : null;
  return { code, message: error.message, stack: error.stack };
}

function errorOf({ code, message, stack }: Fault): Error {
  const error = code ? new WorkbenchError(code, message) : new Error(message);
  error.stack = stack;
  return error;
}
