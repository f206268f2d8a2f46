import { TrainingService } from '../src/pipeline/services/training-service';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';

exposeService(new TrainingService(pause));
