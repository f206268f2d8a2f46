import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { serveSite } from './site';

test('the same seed gives the same model bytes twice in Chromium, twice in Node, and between them', async ({
  page,
}) => {
  const inNode = () =>
    JSON.parse(
      execFileSync(
        'node',
        [
          'scripts/glasshouse.mjs',
          'run',
          '--model',
          'heart_disease',
          '--seed',
          '11',
          '--rows',
          '6000',
          '--max-evals',
          '5',
          '--json',
          '--quiet',
        ],
        { encoding: 'utf8' },
      ),
    ) as { model_sha256: string; dataset_sha256: string };
  const site = await serveSite();
  await page.goto(site.url);
  const inChromium = async () => {
    const content = await page.evaluate(async () => {
      await window.glasshouse.reset();
      await window.glasshouse.run('heart_disease', { seed: 11, rows: 6000, maxEvals: 5 });
      const view = await window.glasshouse.trainingView('heart_disease');
      const file = await window.glasshouse.modelFile('heart_disease');
      return { model: file.content, dataset: view?.run.dataset.digest };
    });
    return { model_sha256: createHash('sha256').update(content.model).digest('hex'), dataset_sha256: content.dataset };
  };
  const answers = [inNode(), inNode(), await inChromium(), await inChromium()].map(
    ({ model_sha256, dataset_sha256 }) => ({ model_sha256, dataset_sha256 }),
  );
  console.log(
    `model.json in Node and Chromium: ${answers.map((answer) => answer.model_sha256.slice(0, 12)).join(' ')}`,
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  await site.stop();
});
