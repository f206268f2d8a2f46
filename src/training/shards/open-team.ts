import { piecesOf, usefulWorkers, type Piece } from './pieces';
import { ShardTeam, type TeamSource } from './team';
import type { ShardHost } from './types';

/** Other workers for a training, and the piece that stays here. */
export interface Opened {
  readonly team: ShardTeam | null;
  readonly piece: Piece;
}

/** Asks `host` for as many workers as have rows to work on, and hands out the rows; none without a host. */
export async function openTeam(host: ShardHost | null, source: TeamSource, nodesAtOnce: number): Promise<Opened> {
  const { trainRows, validationRows, binned } = source;
  const leastRows = (host?.leastCells ?? 0) / binned.bins.layout.featureCount;
  const workers = usefulWorkers(1 + (host?.most ?? 0), trainRows.length, leastRows);
  const [piece, ...others] = piecesOf(workers, trainRows.length, validationRows.length);
  if (!host || workers === 1) return { team: null, piece: piece as Piece };
  const ports = await host.open(workers - 1);
  const team = new ShardTeam(source, ports, others, host.sharesMemory ? nodesAtOnce : null);
  try {
    await team.start();
  } catch (error) {
    team.close();
    throw error;
  }
  return { team, piece: piece as Piece };
}
