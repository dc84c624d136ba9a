import type { EntityKind } from './layer.ts';

/** Kinds of rows that are named by an entity of their own. */
export const ROW_ENTITY: Readonly<Record<string, EntityKind>> = {
  Pod: 'pod',
  Node: 'node',
  Service: 'service',
  PersistentVolume: 'volume',
  PersistentVolumeClaim: 'claim',
  StorageClass: 'storage-class',
  Namespace: 'namespace',
  Kustomization: 'kustomization',
  HelmRelease: 'helm-release',
  GitRepository: 'git-source',
  HelmRepository: 'git-source',
  OCIRepository: 'git-source',
};
