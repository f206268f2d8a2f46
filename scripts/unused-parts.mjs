/** The parts of TensorFlow.js that nothing here uses. */
const UNUSED = /@tensorflow[\\/]tfjs-(layers|converter|data|backend-webgl)[\\/]/;

/**
 * Lets the bundler leave them out: they declare no lack of side effects, so without this the trainer would be nearly
 * three times as large.
 * @returns {import('vite').Plugin}
 */
export function withoutUnusedParts() {
  return {
    name: 'without-unused-parts',
    transform: {
      filter: { id: UNUSED },
      handler: (code) => ({ code, map: null, moduleSideEffects: false }),
    },
  };
}
