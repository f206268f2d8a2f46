import type { Workbench } from '../../src/pipeline/client';

declare global {
  interface Window {
    readonly glasshouse: Workbench;
  }
}
