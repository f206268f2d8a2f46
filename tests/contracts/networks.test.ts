import { tfjsTrainer } from '../../src/platform/tfjs/trainer';
import { trainsNetworks } from './networks';

trainsNetworks('Node', tfjsTrainer());
