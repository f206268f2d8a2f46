import { duration } from '../format';
import type { Job } from '../state/job.svelte';
import { wordsOf } from '../stages';

/** What runs, how far it is and how long it takes: "Training: trial 23 of 50, about 12 s left". */
export function progressSentence(job: Job): string {
  if (job.stopping) return 'Cancelling; what was there before stays as it was.';
  const left = job.timeLeft === null ? '' : `, about ${duration(Math.max(1000, job.timeLeft))} left`;
  const label = job.progress?.label ?? 'starting';
  return `${wordsOf(job.stage).title}: ${label}${left}`;
}

/** The same in steps of a quarter, so that a screen reader is not flooded. */
export function spokenProgress(job: Job | null): string {
  if (!job) return '';
  const quarter = job.share === null ? '' : `, ${25 * Math.floor(4 * job.share)}%`;
  return `${wordsOf(job.stage).title} is running${quarter}`;
}
