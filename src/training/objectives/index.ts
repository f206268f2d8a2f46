import { logistic } from './logistic';
import { poisson } from './poisson';
import { ranking } from './ranking';
import { absoluteError, quantileError, squaredError } from './regression';
import { softmax } from './softmax';
import type { Objective, ObjectiveName, ObjectiveParams } from './types';

/** An objective by XGBoost's name. */
export function makeObjective(name: ObjectiveName, params: ObjectiveParams): Objective {
  switch (name) {
    case 'binary:logistic':
    case 'reg:logistic':
      return logistic(name, params);
    case 'reg:squarederror':
      return squaredError();
    case 'reg:absoluteerror':
      return absoluteError();
    case 'reg:quantileerror':
      return quantileError(params);
    case 'count:poisson':
      return poisson(params);
    case 'multi:softprob':
    case 'multi:softmax':
      return softmax(name, params);
    case 'rank:ndcg':
    case 'rank:pairwise':
      return ranking(name, params);
  }
}
