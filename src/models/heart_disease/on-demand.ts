import type { Cell } from '../../utils/columns';
import type { OnDemandDefinition } from '../types';

/** Below this share of the heart rate expected for the age, the heart does not answer exercise as it should. */
const BLUNTED = 0.85;

function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** The heart rate reached under exercise, against 220 beats less one a year of age. */
export const exertion: OnDemandDefinition = {
  sources: ['patient_demographics', 'vitals'],
  description: 'How the heart answers exercise for its age; computed when it is asked for.',
  schema: [
    {
      name: 'heart_rate_share',
      dtype: 'float64',
      description: 'Highest heart rate under exercise, as a share of 220 less the age.',
    },
    { name: 'blunted_heart_rate', dtype: 'bool', description: 'Whether that share is below 0.85.' },
  ],
  compute: (row) => {
    const age = numberOf(row['age']);
    const reached = numberOf(row['max_heart_rate']);
    if (age === null || reached === null || age >= 220) return { heart_rate_share: null, blunted_heart_rate: null };
    const share = reached / (220 - age);
    return { heart_rate_share: share, blunted_heart_rate: share < BLUNTED };
  },
};
