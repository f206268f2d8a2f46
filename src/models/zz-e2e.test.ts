import { test } from 'vitest';
import { countedWorkspace } from '../../tests/pipeline/platform';
test('e2e', async () => {
  for (const s of ['at_rest','older_patients','higher_risk_mix','prevalence_up']) {
    const t0 = performance.now();
    const { workspace } = countedWorkspace();
    await workspace.run('heart_disease', { seed: 7, maxEvals: 3 });
    if (s==='at_rest') { const tv = await workspace.trainingView('heart_disease'); console.log('AUC', JSON.stringify(tv?.evaluation.metrics.roc_auc), JSON.stringify(tv?.evaluation.metrics.log_loss)); for (const g of tv?.groups ?? []) console.log(g.sensitive, g.groups.map(x=>[x.group,x.n,x.positives].join(' ')).join('; '), g.warnings.join(' | '));
      const mv = await workspace.monitoringView('heart_disease'); console.log('rest report', mv?.reports[0]?.verdict, mv?.reports[0]?.checks.map(c=>c.finding).join('\n   ')); }
    await workspace.simulate('heart_disease', s);
    const mv = await workspace.monitoringView('heart_disease');
    const r = mv?.reports.find(x => x.label === s);
    console.log(s, Math.round(performance.now()-t0), '\n  ', r?.verdict, '\n  ', r?.checks.map(c=>`${c.check} ${c.drifted}: ${c.finding}`).join('\n   '), r?.performance);
    if (s==='prevalence_up' || s==='at_rest') { await workspace.retrain('heart_disease', {maxEvals: 3} as never); const rv = await workspace.registryView('heart_disease'); console.log('  retrain', JSON.stringify(rv?.versions.map(v=>v.decision?.reason))); }
  }
}, 550000);
