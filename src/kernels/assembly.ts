// The kernels that become one WebAssembly module. Memory comes from the host; nothing is allocated here.
export { sortFloat32 } from './cuts/assembly';
export { binColumn, spreadCodes } from './binning/assembly';
export { largestPair, sumPairs, quantisePairs, exactSum } from './quantise/assembly';
export { logisticGradients, likelihood } from './gradients/assembly';
export {
  buildHistogram,
  buildHistogramOfGroups,
  buildPaddedHistogram,
  subtractHistogram,
  addHistogram,
  clearBytes,
} from './histogram/assembly';
export { setSplitTask, findBestSplit } from './split/assembly';
export { partitionRows, partitionRowsByCode } from './partition/assembly';
export { addLeaf, addBinnedTree } from './predict/assembly';
export { gatherRows, addTreeToRows, addAnyTreeToRows, roundSums } from './forest/assembly';
