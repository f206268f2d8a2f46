import { ExplainService } from '../src/pipeline/services/explain-service';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';

exposeService(new ExplainService(pause));
