import type { Model } from '../training/model';
import { readNetworkJson } from './network-json/read';
import { writeNetworkJson } from './network-json/write';
import { readXgboostJson } from './xgboost-json/read';
import { writeXgboostJson } from './xgboost-json/write';

/** The text of model.json: XGBoost JSON for trees, our own format for networks. Equal models give equal bytes. */
export function writeModel(model: Model): string {
  return model.kind === 'xgboost' ? writeXgboostJson(model.booster) : writeNetworkJson(model);
}

/** Reads model.json of any kind; a network's file begins with its `format`. Throws INTEROP_INVALID with the reason. */
export function readModel(text: string): Model {
  if (/^\s*\{\s*"format"/.test(text.slice(0, 1000))) return readNetworkJson(text);
  return { kind: 'xgboost', booster: readXgboostJson(text) };
}
