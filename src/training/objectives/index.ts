import { absoluteErrorObjective } from './absolute-error';
import { logisticObjective } from './logistic';
import { poissonObjective } from './poisson';
import { quantileErrorObjective } from './quantile-error';
import { rankingObjective } from './ranking';
import { softmaxObjective } from './softmax';
import { squaredErrorObjective } from './squared-error';
import type { Objective, ObjectiveName, ObjectiveParams } from './types';

/** The objective of that name, computing as XGBoost 3.2 does. */
export function makeObjective(name: ObjectiveName, params: ObjectiveParams): Objective {
  switch (name) {
    case 'binary:logistic':
    case 'reg:logistic':
      return logisticObjective(name, params);
    case 'reg:squarederror':
      return squaredErrorObjective(params);
    case 'reg:absoluteerror':
      return absoluteErrorObjective();
    case 'reg:quantileerror':
      return quantileErrorObjective(params);
    case 'count:poisson':
      return poissonObjective(params);
    case 'multi:softprob':
    case 'multi:softmax':
      return softmaxObjective(name, params);
    case 'rank:ndcg':
    case 'rank:pairwise':
      return rankingObjective(name, params);
  }
}
