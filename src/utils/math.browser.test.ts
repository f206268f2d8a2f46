import './math-bits.test';
