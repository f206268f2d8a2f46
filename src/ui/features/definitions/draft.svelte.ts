import type { FeatureDefinitions } from '../../../features/types';
import type { FeatureStoreClient } from '../../../pipeline/store/client';
import type { FeaturePlan, FeatureRegistryView, WantedDefinitions, WantedFault } from '../../../pipeline/store/types';
import { messageOf } from '../../state/fault';

/** The two ways to write definitions. */
export type Written = 'form' | 'yaml';

interface Kept {
  readonly written: Written;
  readonly definitions: FeatureDefinitions;
  readonly yaml: string;
  readonly message: string;
}

/** Definitions as someone is changing them, kept for the time of the tab's session. */
export class DefinitionsDraft {
  written = $state<Written>('form');
  definitions = $state.raw<FeatureDefinitions | null>(null);
  yaml = $state('');
  message = $state('');
  touched = $state(false);
  busy = $state(false);
  plan = $state.raw<FeaturePlan | null>(null);
  /** What is wrong with the draft. */
  faults = $state.raw<readonly WantedFault[]>([]);
  /** Why planning, applying or going back failed otherwise. */
  fault = $state<string | null>(null);
  /** What was just applied, and whether stages must run again for it. */
  applied = $state.raw<{ readonly version: number; readonly rerun: boolean } | null>(null);
  readonly #key: string;

  constructor(
    readonly model: string,
    readonly client: Pick<FeatureStoreClient, 'planFeatures' | 'applyFeatures' | 'revertFeatures'>,
  ) {
    this.#key = `glasshouse.definitions.${model}`;
    const kept = readKept(this.#key);
    if (!kept) return;
    this.written = kept.written;
    this.definitions = kept.definitions;
    this.yaml = kept.yaml;
    this.message = kept.message;
    this.touched = true;
  }

  /** Takes up what holds, unless something else was begun. */
  follow(registry: FeatureRegistryView): void {
    if (this.touched) return;
    this.definitions = registry.definitions;
    this.yaml = registry.yaml;
  }

  edit(definitions: FeatureDefinitions): void {
    this.definitions = definitions;
    this.#changed();
  }

  write(yaml: string): void {
    this.yaml = yaml;
    this.#changed();
  }

  say(message: string): void {
    this.message = message;
    this.#keep();
  }

  startOver(registry: FeatureRegistryView): void {
    this.#forget();
    this.follow(registry);
  }

  /** Goes on in the other way of writing; what was written must be right for that. */
  async show(written: Written): Promise<void> {
    if (written !== this.written && this.touched && !(await this.makePlan())) return;
    if (this.touched && this.plan) {
      this.definitions = this.plan.definitions;
      this.yaml = this.plan.yaml;
    }
    this.written = written;
    if (this.touched) this.#keep();
  }

  /** Whether a plan could be made. */
  async makePlan(): Promise<boolean> {
    await this.#work(async () => {
      this.plan = null;
      this.plan = await this.client.planFeatures(this.model, this.#wanted());
    });
    return this.plan !== null;
  }

  async apply(): Promise<void> {
    const { plan } = this;
    if (!plan) return;
    await this.#work(async () => {
      const now = await this.client.applyFeatures(this.model, this.#wanted(), plan.base_version, this.message);
      this.#took(now);
    });
    // What could not be applied is planned anew, on what holds by then.
    if (this.fault !== null || this.faults.length > 0) this.plan = null;
  }

  async goBack(version: number): Promise<void> {
    await this.#work(async () => {
      const now = await this.client.revertFeatures(this.model, version);
      this.#took(now);
    });
  }

  async #work(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = null;
    this.faults = [];
    try {
      await work();
    } catch (error) {
      this.faults = faultsOf(error);
      this.fault = this.faults.length > 0 ? null : messageOf(error);
    }
    this.busy = false;
  }

  #took(now: FeatureRegistryView): void {
    this.#forget();
    this.follow(now);
    this.applied = { version: now.version, rerun: now.computed_since === now.version };
  }

  #wanted(): WantedDefinitions {
    return this.written === 'yaml' || !this.definitions ? { yaml: this.yaml } : { definitions: this.definitions };
  }

  #changed(): void {
    this.touched = true;
    this.plan = null;
    this.faults = [];
    this.fault = null;
    this.applied = null;
    this.#keep();
  }

  #keep(): void {
    const { written, definitions, yaml, message } = this;
    if (!definitions || !this.touched) return;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify({ written, definitions, yaml, message } satisfies Kept));
    } catch {
      // Without storage the draft lives as long as the page.
    }
  }

  #forget(): void {
    this.touched = false;
    this.message = '';
    this.plan = null;
    this.faults = [];
    this.fault = null;
    this.applied = null;
    sessionStorage.removeItem(this.#key);
  }
}

function readKept(key: string): Kept | null {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as Kept);
  } catch {
    return null;
  }
}

function faultsOf(error: unknown): readonly WantedFault[] {
  if (!(error instanceof Error) || !('details' in error)) return [];
  const details = error.details as { readonly faults?: readonly WantedFault[] } | null;
  return details?.faults ?? [];
}
