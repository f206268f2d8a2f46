import { MonitoringService } from '../src/pipeline/services/monitoring-service';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';

exposeService(new MonitoringService(pause));
