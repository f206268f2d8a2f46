import type { Page } from '../state/page.svelte';

/** Fetches the Cleveland heart-disease table that is served beside the page and opens it in the file dialog. */
export async function fetchCleveland(page: Page): Promise<void> {
  try {
    const response = await fetch(new URL('heart_cleveland.csv', document.baseURI));
    if (!response.ok) throw new Error(`answered ${response.status}`);
    page.openFile(new File([await response.blob()], 'heart_cleveland.csv', { type: 'text/csv' }));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer';
    const message = `The Cleveland table could not be read from this site (${why}). Reload the page, or open the file from your disk instead.`;
    page.workspace.failure = { model: page.modelName, stage: 'data', message };
  }
}
