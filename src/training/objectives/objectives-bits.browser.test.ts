import './objectives-bits.test';
