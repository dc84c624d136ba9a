export * from './errors.ts';
export * from './fact.ts';
export * from './graph.ts';
export * from './layer.ts';
export * from './must-order.ts';
export * from './record.ts';
export * from './source.ts';
export * from './time.ts';
