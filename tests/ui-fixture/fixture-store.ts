import type { FeatureStoreClient } from '../../src/pipeline/store/client';
import type { OnlineCall } from '../../src/pipeline/store/types';
import { DEFINITIONS } from './fixture-features';
import { qualityView, skewView } from './fixture-quality';
import { onlineAnswer, onlineStore } from './fixture-online';
import { NOW } from './fixture-tables';

function none(): Promise<never> {
  return Promise.reject(new Error('The fixture has no such data.'));
}

/** The feature store's answers, made up; a page under test replaces those it needs. */
export class FixtureStore implements FeatureStoreClient {
  featureRegistry() {
    return Promise.resolve({
      version: 0,
      computed_since: 0,
      definitions: DEFINITIONS,
      yaml: 'project: heart_disease\n',
      history: [],
      objects: [],
    });
  }
  planFeatures = none;
  applyFeatures = none;
  revertFeatures = none;
  appendFile = none;
  exportTable = none;
  compact = none;
  verifyStore = none;
  sqlSchema() {
    return Promise.resolve([]);
  }
  querySql = none;
  sqlFile = none;
  historicalFeatures = none;
  saveDataset = none;
  savedDatasets() {
    return Promise.resolve([]);
  }
  deleteDataset = none;
  lineage() {
    return Promise.resolve({ nodes: [], edges: [] });
  }
  materialize = none;
  materializeIncremental() {
    return Promise.resolve({
      views: onlineStore().views.map(({ view, entities }) => ({
        view,
        from: NOW,
        to: NOW,
        written: 12,
        rows: entities,
      })),
    });
  }
  push = none;
  writeToOnlineStore = none;
  getOnlineFeatures(_model: string, { entity_rows }: OnlineCall) {
    return Promise.resolve(onlineAnswer(entity_rows.length));
  }
  onlineStore() {
    return Promise.resolve(onlineStore());
  }
  quality() {
    return Promise.resolve(qualityView());
  }
  compareServing() {
    return Promise.resolve(skewView());
  }
  setServingFault = none;
  exportFeast = none;
  exportModel = none;
  exportStore = none;
  exportBundle = none;
  inspectBundle = none;
  importBundle = none;
}
