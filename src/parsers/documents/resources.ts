/** Names under which kubectl knows a kind: plural, singular and short ones. */

interface Resource {
  readonly kind: string;
  readonly namespaced: boolean;
}

const NAMESPACED: readonly (readonly [string, string])[] = [
  ['Pod', 'pods pod po'],
  ['Service', 'services service svc'],
  ['Endpoints', 'endpoints ep'],
  ['EndpointSlice', 'endpointslices endpointslice'],
  ['Deployment', 'deployments deployment deploy'],
  ['DaemonSet', 'daemonsets daemonset ds'],
  ['StatefulSet', 'statefulsets statefulset sts'],
  ['ReplicaSet', 'replicasets replicaset rs'],
  ['ReplicationController', 'replicationcontrollers replicationcontroller rc'],
  ['Job', 'jobs job'],
  ['CronJob', 'cronjobs cronjob cj'],
  ['PersistentVolumeClaim', 'persistentvolumeclaims persistentvolumeclaim pvc pvcs'],
  ['Event', 'events event ev'],
  ['ConfigMap', 'configmaps configmap cm'],
  ['Secret', 'secrets secret'],
  ['ServiceAccount', 'serviceaccounts serviceaccount sa'],
  ['Ingress', 'ingresses ingress ing'],
  ['NetworkPolicy', 'networkpolicies networkpolicy netpol'],
  ['Lease', 'leases lease'],
  ['ResourceQuota', 'resourcequotas resourcequota quota'],
  ['LimitRange', 'limitranges limitrange limits'],
  ['HorizontalPodAutoscaler', 'horizontalpodautoscalers horizontalpodautoscaler hpa'],
  ['PodDisruptionBudget', 'poddisruptionbudgets poddisruptionbudget pdb'],
  ['Kustomization', 'kustomizations kustomization ks'],
  ['HelmRelease', 'helmreleases helmrelease hr'],
  ['GitRepository', 'gitrepositories gitrepository gitrepo'],
  ['HelmRepository', 'helmrepositories helmrepository helmrepo'],
  ['OCIRepository', 'ocirepositories ocirepository ocirepo'],
  ['HelmChart', 'helmcharts helmchart'],
  ['Bucket', 'buckets bucket'],
  ['Application', 'applications application app apps'],
  ['Cluster', 'clusters cluster'],
  ['Machine', 'machines machine ma'],
  ['MachineDeployment', 'machinedeployments machinedeployment md'],
  ['MachineSet', 'machinesets machineset ms'],
  ['KubeadmControlPlane', 'kubeadmcontrolplanes kubeadmcontrolplane kcp'],
  ['Certificate', 'certificates certificate cert certs'],
  ['CertificateRequest', 'certificaterequests certificaterequest cr crs'],
  ['Issuer', 'issuers issuer'],
  ['CiliumNetworkPolicy', 'ciliumnetworkpolicies ciliumnetworkpolicy cnp ciliumnp'],
  ['CiliumEndpoint', 'ciliumendpoints ciliumendpoint cep ciliumep'],
  ['VirtualMachineInstance', 'virtualmachineinstances virtualmachineinstance vmi vmis'],
];

const CLUSTER_WIDE: readonly (readonly [string, string])[] = [
  ['Node', 'nodes node no'],
  ['Namespace', 'namespaces namespace ns'],
  ['PersistentVolume', 'persistentvolumes persistentvolume pv pvs'],
  ['StorageClass', 'storageclasses storageclass sc'],
  ['VolumeAttachment', 'volumeattachments volumeattachment'],
  ['CSIDriver', 'csidrivers csidriver'],
  ['CSINode', 'csinodes csinode'],
  ['APIService', 'apiservices apiservice'],
  ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations validatingwebhookconfiguration'],
  ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations mutatingwebhookconfiguration'],
  ['CustomResourceDefinition', 'customresourcedefinitions customresourcedefinition crd crds'],
  ['ClusterIssuer', 'clusterissuers clusterissuer'],
  ['CiliumNode', 'ciliumnodes ciliumnode cn ciliumn'],
  ['ComponentStatus', 'componentstatuses componentstatus cs'],
  ['PriorityClass', 'priorityclasses priorityclass pc'],
  ['CertificateSigningRequest', 'certificatesigningrequests certificatesigningrequest csr'],
];

const RESOURCES: ReadonlyMap<string, Resource> = new Map(
  [
    ...NAMESPACED.map(([kind, names]) => ({ kind, names, namespaced: true })),
    ...CLUSTER_WIDE.map(([kind, names]) => ({ kind, names, namespaced: false })),
  ].flatMap(({ kind, names, namespaced }) =>
    [...names.split(' '), kind.toLowerCase()].map((name) => [name, { kind, namespaced }] as const),
  ),
);

const CLUSTER_KINDS: ReadonlySet<string> = new Set(CLUSTER_WIDE.map(([kind]) => kind));

/** `po`, `pods`, `deployments.apps`, `helmreleases.helm.toolkit.fluxcd.io` → kind; undefined when not known. */
export function kindOfResource(word: string): string | undefined {
  const name = word.toLowerCase();
  const dot = name.indexOf('.');
  return RESOURCES.get(dot < 0 ? name : name.slice(0, dot))?.kind;
}

/** Objects of this kind live outside of namespaces. */
export function isClusterWide(kind: string): boolean {
  return CLUSTER_KINDS.has(kind);
}

/**
 * Kind that the last part of a path names: `cluster/pods.txt`, `kubectl_get_nodes_-o_wide`, `describe-pod-x.log`.
 * Only whole words of at least four letters (or `pvc`, `svc`) count, the first one wins.
 */
export function kindOfPath(path: string): string | undefined {
  const parts = path.split('/');
  for (const part of parts.slice(-2).toReversed()) {
    for (const word of part.split(/[^A-Za-z]+/u)) {
      if (word.length >= 4 || word === 'pvc' || word === 'svc') {
        const kind = kindOfResource(word);
        if (kind !== undefined && word.toLowerCase() !== 'apps' && word.toLowerCase() !== 'cluster') {
          return kind;
        }
      }
    }
  }
  return undefined;
}
