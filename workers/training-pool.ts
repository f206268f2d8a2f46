import type { TrainingPool } from '../src/pipeline/platform';
import type { LoadCall } from '../src/pipeline/services/training-service';
import { remoteWorker, type RemoteWorker } from './rpc/remote';

type Api = Omit<TrainingPool, 'concurrency'>;

interface Member {
  readonly remote: RemoteWorker<Api>;
  loadedId: string | null;
}

function startTrainer(name: string): Worker {
  return new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module', name });
}

/**
 * Training workers that each hold the binned matrix. A call goes to a free one. A worker that dies fails its call and is
 * replaced, with the matrix loaded again, before the next.
 */
export function trainingPool(concurrency: number): TrainingPool {
  const idle: Member[] = [];
  const queue: ((member: Member) => void)[] = [];
  let size = 0;
  let data: LoadCall | null = null;

  const release = (member: Member) => {
    const next = queue.shift();
    if (next) next(member);
    else idle.push(member);
  };
  const create = (): Member => {
    size += 1;
    const member: Member = { remote: remoteWorker<Api>('training', startTrainer), loadedId: null };
    member.remote.lost.catch(() => {
      size -= 1;
      const at = idle.indexOf(member);
      if (at >= 0) idle.splice(at, 1);
      const next = queue.shift();
      if (next) next(create());
    });
    return member;
  };
  const acquire = (): Promise<Member> => {
    const free = idle.pop();
    if (free) return Promise.resolve(free);
    if (size < concurrency) return Promise.resolve(create());
    return new Promise((resolve) => queue.push(resolve));
  };
  const withMember = async <T>(work: (api: Api) => Promise<T>): Promise<T> => {
    const member = await acquire();
    let alive = true;
    member.remote.lost.catch(() => (alive = false));
    try {
      if (data && member.loadedId !== data.id) {
        await member.remote.api.load(data);
        member.loadedId = data.id;
      }
      return await work(member.remote.api);
    } finally {
      await Promise.resolve();
      if (alive) release(member);
    }
  };
  return {
    concurrency,
    load: (call) => {
      data = call;
      return Promise.resolve();
    },
    trial: (call, onProgress, signal) => withMember((api) => api.trial(call, onProgress, signal)),
    fit: (call, onProgress, signal) => withMember((api) => api.fit(call, onProgress, signal)),
    networkTrial: (call, onProgress, signal) => withMember((api) => api.networkTrial(call, onProgress, signal)),
    networkFit: (call, onProgress, signal) => withMember((api) => api.networkFit(call, onProgress, signal)),
    evaluate: (call, onProgress, signal) => withMember((api) => api.evaluate(call, onProgress, signal)),
    judge: (call, onProgress, signal) => withMember((api) => api.judge(call, onProgress, signal)),
  };
}
