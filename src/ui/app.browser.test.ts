import { mount, unmount } from 'svelte';
import { page, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FixtureState } from '../../tests/ui-fixture/fixture-overview';
import { makeFixture } from '../../tests/ui-fixture/fixture-workbench';
import App from './App.svelte';
import { Offline } from './state/offline.svelte';
import { STAGE_ORDER } from './stages';
import './styles/page.css';

let app: object | null = null;
const faults: string[] = [];

function remember(event: ErrorEvent | PromiseRejectionEvent): void {
  faults.push('reason' in event ? String(event.reason) : event.message);
}

function open(state: FixtureState, hash = '', offline = new Offline()): void {
  history.replaceState(null, '', hash || '#');
  const target = document.createElement('div');
  document.body.append(target);
  app = mount(App, { target, props: { connect: () => makeFixture(state), offline } });
}

const byId = (id: string) => page.getByTestId(id);

beforeEach(async () => {
  await page.viewport(1280, 900);
  faults.length = 0;
  window.addEventListener('error', remember);
  window.addEventListener('unhandledrejection', remember);
});

afterEach(async () => {
  if (app) await unmount(app);
  app = null;
  document.body.replaceChildren();
  window.removeEventListener('error', remember);
  window.removeEventListener('unhandledrejection', remember);
  expect(faults).toEqual([]);
});

describe('finding the way', () => {
  it('opens a deep link, and goes back and forward', async () => {
    open('full', '#heart_disease/registry/versions');
    await expect.element(byId('stage-sentence')).toHaveTextContent('waits for your approval');
    await expect.element(byId('tab-versions')).toHaveAttribute('aria-selected', 'true');
    await byId('stage-inference').click();
    await expect.element(byId('stage-sentence')).toHaveTextContent('rows scored');
    expect(location.hash).toBe('#heart_disease/inference');
    history.back();
    await expect.element(byId('tab-versions')).toHaveAttribute('aria-selected', 'true');
  });

  it('goes between stages by the arrow keys and by their numbers', async () => {
    open('full', '#heart_disease/data');
    await expect.element(byId('stage-data')).toHaveAttribute('aria-current', 'step');
    (byId('stage-data').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(byId('stage-features')).toHaveFocus();
    await userEvent.keyboard('6');
    await expect.element(byId('stage-monitoring')).toHaveAttribute('aria-current', 'step');
  });

  it('shows the shortcuts on “?” and closes them on Escape', async () => {
    open('full');
    await expect.element(byId('run-all')).toBeVisible();
    await userEvent.keyboard('?');
    await expect.element(byId('shortcuts')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(byId('shortcuts')).not.toBeInTheDocument();
  });

  it('does not take typing for shortcuts', async () => {
    open('full', '#heart_disease/inference');
    await byId('predict-key').fill('r1');
    await userEvent.keyboard('3');
    expect(location.hash).toBe('#heart_disease/inference');
  });
});

describe('running', () => {
  it('fills stage after stage and says so', async () => {
    open('empty');
    await expect.element(byId('empty-data')).toBeVisible();
    await byId('run-all').click();
    await expect.element(byId('stage-data')).toHaveAttribute('data-status', 'running');
    await expect.element(byId('stage-data'), { timeout: 5000 }).toHaveAttribute('data-status', 'good');
    await expect.element(byId('stage-features'), { timeout: 5000 }).toHaveAttribute('data-status', 'good');
    await byId('cancel').click();
    await expect.element(byId('run-state')).toHaveTextContent('nothing was changed');
    await expect.element(byId('stage-monitoring')).toHaveAttribute('data-status', 'empty');
  });

  it('draws the search while it runs', async () => {
    open('running', '#heart_disease/training');
    await byId('run-stage').click();
    await expect.element(byId('live-study'), { timeout: 8000 }).toBeVisible();
    await expect.element(page.getByText(/best 0\.37/)).toBeVisible();
    await byId('cancel-stage').click();
  });

  it('keeps a fault where it happened until it is dismissed', async () => {
    open('error', '#heart_disease/training');
    await byId('run-all').click();
    await expect.element(byId('error-message'), { timeout: 8000 }).toHaveTextContent('holds no value at all');
    await expect.element(byId('stage-training')).toHaveAttribute('data-status', 'alert');
    await byId('stage-data').click();
    await expect.element(byId('error-message')).toHaveTextContent('Training did not finish.');
    await page.getByRole('button', { name: 'Dismiss this message' }).click();
    await expect.element(byId('error-message')).not.toBeInTheDocument();
  });

  it('says what happened to a model beside that model only', async () => {
    open('full', '#heart_disease/data');
    await byId('run-stage').click();
    await expect.element(byId('run-state')).toHaveTextContent('Data: done in');
    await byId('model-picker').selectOptions('heart_cleveland');
    await expect.element(byId('run-state')).not.toHaveTextContent('done in');
    await byId('model-picker').selectOptions('heart_disease');
    await expect.element(byId('run-state')).toHaveTextContent('Data: done in');
  });

  it('refuses numbers it cannot run with', async () => {
    open('empty');
    await byId('rows-input').fill('12');
    await expect.element(byId('run-all')).toBeDisabled();
    await expect.element(byId('run-state')).toHaveTextContent('1,000 to 5,000,000');
    await byId('rows-input').fill('2000');
    await expect.element(byId('run-all')).toBeEnabled();
  });

  it('never offers to swap versions under a run', async () => {
    const offline = new Offline();
    offline.update = () => undefined;
    open('running', '', offline);
    const swap = page.getByRole('button', { name: 'Reload with it' });
    await expect.element(swap).toBeEnabled();
    await byId('run-all').click();
    await expect.element(swap).toBeDisabled();
  });
});

describe('every stage', () => {
  it.each(STAGE_ORDER)('%s shows pictures with words, numbers and methods', async (stage) => {
    open('full', `#heart_disease/${stage}`);
    await expect.element(page.getByRole('region', { name: 'What next' })).toBeVisible();
    await expect.poll(() => document.querySelectorAll('svg[data-plot]').length).toBeGreaterThan(0);
    for (const picture of document.querySelectorAll('svg[data-plot]')) {
      expect(picture.getAttribute('aria-label')?.length).toBeGreaterThan(10);
    }
    for (const frame of document.querySelectorAll('figure')) {
      expect(frame.querySelector('summary')?.textContent).toBe('How is this computed?');
      expect(frame.querySelector('details > div')?.textContent?.trim().length).toBeGreaterThan(30);
    }
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth);
  });

  it.each(['data', 'features', 'training', 'registry', 'inference', 'monitoring'])(
    '%s offers the one action that fills it',
    async (stage) => {
      open('memory', `#heart_disease/${stage}`);
      await expect.element(byId('run-stage')).toBeEnabled();
      await expect.element(byId('memory-banner')).toHaveTextContent('private');
    },
  );
});

describe('deciding and predicting', () => {
  it('asks for a reason before it approves', async () => {
    open('full', '#heart_disease/registry');
    await byId('approve').click();
    await expect.element(byId('error-message')).toHaveTextContent('one sentence why');
    await byId('decision-reason').fill('better on recent visits');
    await byId('approve').click();
    await expect.element(byId('stage-sentence')).toHaveTextContent('v4 is champion');
    await expect.element(byId('approve')).not.toBeInTheDocument();
  });

  it('predicts for a key, and keeps a wrong key in sight with a sentence', async () => {
    open('full', '#heart_disease/inference');
    await byId('predict-key').fill('PT0160');
    await byId('predict-go').click();
    await expect.element(byId('prediction')).toHaveTextContent('PT0160');
    await byId('predict-key').fill('nobody');
    await byId('predict-go').click();
    await expect.element(byId('error-message')).toHaveTextContent('nobody');
    await expect.element(byId('predict-key')).toHaveValue('nobody');
  });

  it('lets time pass under a scenario, and can be stopped', async () => {
    open('full', '#heart_disease/monitoring');
    await expect.element(byId('verdict-dataset_drift')).toHaveAttribute('data-drifted', 'true');
    await byId('scenario-older_patients').click();
    await expect.element(byId('stage-monitoring')).toHaveAttribute('data-status', 'running');
    await byId('cancel').click();
    await expect.element(byId('run-all')).toBeVisible();
  });

  it('says why a model without history cannot be watched', async () => {
    open('file', '#heart_cleveland/monitoring');
    await expect.element(byId('monitoring-unavailable')).toHaveTextContent('no time column');
    await expect.element(byId('retrain')).not.toBeInTheDocument();
  });
});

describe('on a phone', () => {
  it.each(STAGE_ORDER)('%s fits the width, its stage in sight on the map', async (stage) => {
    await page.viewport(360, 780);
    open('full', `#heart_disease/${stage}`);
    await expect.element(page.getByRole('region', { name: 'What next' })).toBeVisible();
    await expect.poll(() => document.querySelectorAll('svg[data-plot]').length).toBeGreaterThan(0);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
    await expect
      .poll(() => {
        const box = byId(`stage-${stage}`).element().getBoundingClientRect();
        return box.left >= 0 && box.right <= 360;
      })
      .toBe(true);
  });

  it('folds the run options and opens a file all the same', async () => {
    await page.viewport(360, 780);
    open('empty');
    await expect.element(byId('seed-input')).not.toBeVisible();
    await byId('run-options').click();
    await expect.element(byId('seed-input')).toBeVisible();
    await byId('open-csv').click();
    await expect.element(byId('file-dialog')).toBeVisible();
  });
});
