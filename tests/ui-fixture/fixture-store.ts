import type { FeatureStoreClient } from '../../src/pipeline/store/client';
import { DEFINITIONS } from './fixture-features';

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
  materializeIncremental = none;
  push = none;
  writeToOnlineStore = none;
  getOnlineFeatures = none;
  onlineStore() {
    return Promise.resolve({ clock: 0, views: [] });
  }
  quality() {
    return Promise.resolve({ checks: [], profiles: [], freshness: [] });
  }
  compareServing = none;
  setServingFault = none;
  exportFeast = none;
}
