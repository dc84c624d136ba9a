/**
 * Recognises what collector wrote a bundle, and gives its files their context.
 *
 * The layout whose root lies nearest to the bundle's root names the bundle; a bundle may hold others further down (a
 * sosreport in a support bundle), and each file takes the context of the nearest root above it. What no layout says
 * comes from the path alone, and from the content of the file in the end.
 */
import type { CollectionHint, Source, SourceContext } from '../../model/index.ts';
import { byText } from '../../text/order.ts';
import { aksPeriscope } from './aks-periscope.ts';
import { ciliumSysdump } from './cilium-sysdump.ts';
import { clusterInfoDump } from './cluster-info-dump.ts';
import { dateInName } from './dates.ts';
import { eksCollector } from './eks-collector.ts';
import { installerLogBundle } from './installer-log-bundle.ts';
import { kindExport } from './kind-export.ts';
import type { Layout, LayoutRoot } from './layout.ts';
import { minikube } from './minikube.ts';
import { mustGather } from './must-gather.ts';
import { pathHints } from './path-hints.ts';
import { rancherCollector } from './rancher-collector.ts';
import { sosreport } from './sosreport.ts';
import { supportBundleKit } from './support-bundle-kit.ts';
import { talosSupport } from './talos-support.ts';
import { troubleshoot } from './troubleshoot.ts';

/** Where two have the same root, the earlier one names the bundle. */
export const layouts: readonly Layout[] = [
  sosreport,
  troubleshoot,
  mustGather,
  installerLogBundle,
  ciliumSysdump,
  rancherCollector,
  supportBundleKit,
  talosSupport,
  kindExport,
  eksCollector,
  aksPeriscope,
  clusterInfoDump,
  minikube,
];

export interface RecognisedLayout {
  /** Id of the layout, or `files`. */
  readonly id: string;
  readonly sources: readonly Source[];
  readonly hints: readonly CollectionHint[];
}

interface Found {
  readonly layout: Layout;
  readonly root: string;
  readonly node: string | undefined;
}

const TEXT_BYTES = 8192;

/** @param name of the bundle */
export function recogniseLayout(sources: readonly Source[], name: string): RecognisedLayout {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const hints: CollectionHint[] = [];
  const found = rootsOf(sources).map(({ layout, root }): Found => {
    const seen = rootView(root, name, byPath);
    for (const { stamp, basis } of layout.collected?.(seen) ?? []) {
      // The name of the bundle is dated below, whatever its layout.
      if (root !== '' || basis !== 'name of the folder') {
        hints.push({ stamp, basis, ...(root === '' ? {} : { under: root.slice(0, -1) }) });
      }
    }
    return { layout, root, node: layout.node?.(seen) };
  });
  const named = dateInName(name);
  if (named !== undefined) {
    hints.push({ stamp: named, basis: 'name of the bundle' });
  }
  return {
    id: found[0]?.layout.id ?? 'files',
    sources: sources.map((source) => ({ ...source, context: contextOf(source.path, found) })),
    hints: [...hints, ...folderDates(sources, found)],
  };
}

/** Roots with all the markers that their layout needs, nearest to the bundle's root first. */
function rootsOf(sources: readonly Source[]): readonly { readonly layout: Layout; readonly root: string }[] {
  const result: { layout: Layout; root: string; rank: number }[] = [];
  for (const [rank, layout] of layouts.entries()) {
    const markers = new Map<string, Set<string>>();
    for (const { path } of sources) {
      const marker = layout.marker(path);
      if (marker !== undefined) {
        const names = markers.get(marker.root) ?? new Set();
        names.add(marker.name);
        markers.set(marker.root, names);
      }
    }
    for (const [root, names] of markers) {
      if (names.size >= layout.needs && (layout.requires === undefined || names.has(layout.requires))) {
        result.push({ layout, root, rank });
      }
    }
  }
  return result.sort((a, b) => depthOf(a.root) - depthOf(b.root) || byText(a.root, b.root) || a.rank - b.rank);
}

function depthOf(root: string): number {
  return root.split('/').length;
}

function rootView(root: string, name: string, byPath: ReadonlyMap<string, Source>): LayoutRoot {
  const folders = root.split('/');
  return {
    name: root === '' ? name : (folders[folders.length - 2] ?? name),
    text: (path) => {
      const source = byPath.get(root + path);
      return source === undefined ? undefined : headOf(source);
    },
  };
}

function headOf(source: Source): string {
  for (const chunk of source.read()) {
    return Buffer.from(chunk.subarray(0, TEXT_BYTES)).toString('utf8');
  }
  return '';
}

/** The innermost layout says most; what it leaves open the path alone may tell. */
function contextOf(path: string, found: readonly Found[]): SourceContext {
  let context: SourceContext = pathHints(path);
  for (const { layout, root, node } of found) {
    if (path.startsWith(root)) {
      context = {
        ...context,
        ...(node === undefined ? {} : { node }),
        ...layout.context(path.slice(root.length)),
      };
    }
  }
  return context;
}

/** Dates in the names of top folders, where no layout has dated them. */
function folderDates(sources: readonly Source[], found: readonly Found[]): readonly CollectionHint[] {
  const tops = new Set(sources.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])));
  return [...tops].sort(byText).flatMap((top): readonly CollectionHint[] => {
    const stamp = found.some(({ root }) => root === `${top}/`) ? undefined : dateInName(top);
    return stamp === undefined ? [] : [{ stamp, basis: 'name of the folder', under: top }];
  });
}
