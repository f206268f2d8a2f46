import { mount, unmount } from 'svelte';
import { page, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FixtureState } from '../../../tests/ui-fixture/fixture-overview';
import { makeFixture } from '../../../tests/ui-fixture/fixture-workbench';
import App from '../App.svelte';
import { Offline } from '../state/offline.svelte';
import '../styles/page.css';

let app: object | null = null;
const byId = (id: string) => page.getByTestId(id);

async function openWithFile(state: FixtureState): Promise<void> {
  history.replaceState(null, '', '#');
  const target = document.createElement('div');
  document.body.append(target);
  app = mount(App, { target, props: { connect: () => makeFixture(state), offline: new Offline() } });
  await byId('open-csv').click();
  await userEvent.upload(byId('choose-file'), new File(['a,b\n1,2\n'], 'heart_cleveland.csv'));
}

beforeEach(() => page.viewport(1280, 900));

afterEach(async () => {
  if (app) await unmount(app);
  app = null;
  document.body.replaceChildren();
});

describe('a table from a file', () => {
  it('becomes a model after its label and its positive values are said', async () => {
    await openWithFile('empty');
    await expect.element(byId('label-select')).toHaveValue('num');
    await expect.element(byId('positive-rule')).toHaveValue('> 0');
    await expect.element(byId('positive-count')).toHaveTextContent('139 of 303 rows become positive (46%)');
    await byId('positive-rule').fill('> 9');
    await expect.element(byId('create-model')).toBeDisabled();
    await byId('positive-rule').fill('>= 3');
    await expect.element(byId('positive-count')).toHaveTextContent('48 of 303');
    await byId('create-model').click();
    await expect.element(byId('file-dialog')).not.toBeInTheDocument();
    await expect.element(byId('model-picker')).toHaveValue('heart_cleveland');
    expect(location.hash).toBe('#heart_cleveland/data');
  });

  it('changes the rule when values are ticked', async () => {
    await openWithFile('empty');
    await page.getByRole('checkbox', { name: /^1/ }).click();
    await expect.element(byId('positive-rule')).toHaveValue('in [2, 3, 4]');
  });

  it('keeps what was chosen when the name is taken', async () => {
    await openWithFile('empty');
    await byId('model-name').fill('heart_disease');
    await byId('create-model').click();
    await expect.element(byId('error-message')).toHaveTextContent('already there');
    await expect.element(byId('positive-rule')).toHaveValue('> 0');
  });

  it('says in a sentence what is wrong with a file', async () => {
    await openWithFile('error');
    await expect.element(byId('error-message')).toHaveTextContent('no row follows');
    await expect.element(byId('create-model')).not.toBeInTheDocument();
  });

  it('opens on a drop anywhere', async () => {
    history.replaceState(null, '', '#');
    const target = document.createElement('div');
    document.body.append(target);
    app = mount(App, { target, props: { connect: () => makeFixture('empty'), offline: new Offline() } });
    await expect.element(byId('run-all')).toBeVisible();
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a,b\n1,2\n'], 'dropped.csv'));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    await expect.element(byId('file-dialog')).toHaveTextContent('dropped.csv');
  });
});
