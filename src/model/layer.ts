/** Display layers, lowest first. Requirements between components decide, not these numbers. */
export const LAYERS = [
  'external',
  'hardware',
  'node',
  'runtime',
  'control-plane',
  'cni',
  'pod-network',
  'service-routing',
  'dns',
  'service-access',
  'webhooks',
  'storage-csi',
  'gitops',
  'apps',
] as const;

export type Layer = (typeof LAYERS)[number];

export const ENTITY_KINDS = [
  'cluster',
  'node',
  'boot',
  'process',
  'container',
  'pod',
  'workload',
  'namespace',
  'service',
  'ip',
  'volume',
  'claim',
  'storage-class',
  'mount',
  'device',
  'nfs-server',
  'registry',
  'image',
  'dns-name',
  'webhook',
  'certificate',
  'git-source',
  'kustomization',
  'helm-release',
  'object',
  'component',
] as const;

export type EntityKind = (typeof ENTITY_KINDS)[number];
