import './generator-bits.test';
