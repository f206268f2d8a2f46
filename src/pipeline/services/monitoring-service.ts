import type { Signal } from '../../utils/control';
import { driftReport, type DriftReportRequest } from '../../monitoring/report';
import type { DriftReport } from '../../monitoring/types';
import { controlOf, type OnProgress } from '../platform';

/** Drift checks of one window against a reference. */
export class MonitoringService {
  readonly #pause: () => Promise<void>;

  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  async report(request: DriftReportRequest, onProgress?: OnProgress, signal?: Signal): Promise<DriftReport> {
    return driftReport(request, controlOf(this.#pause, onProgress, signal));
  }
}
