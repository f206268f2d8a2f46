/** What the benchmark's Node process takes from our code. */
export { predict, train } from './train';
export { shardThreads } from '../../src/cli/shard-threads';
