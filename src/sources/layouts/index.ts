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
import { forensicsCollect } from './forensics-collect.ts';
import { installerLogBundle } from './installer-log-bundle.ts';
import { kindExport } from './kind-export.ts';
import type { DatedFile, Layout, LayoutRoot } from './layout.ts';
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
  forensicsCollect,
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
  const found = provedRoots(rootsOf(sources), (root) => rootView(root, name, byPath)).map(
    ({ layout, root, seen }): Found => {
      for (const dated of layout.collected?.(seen) ?? []) {
        // The name of the bundle is dated below, whatever its layout.
        if (root !== '' || dated.basis !== 'name of the folder') {
          hints.push(hintOf(root, dated));
        }
      }
      return { layout, root, node: layout.node?.(seen) };
    },
  );
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

interface SeenRoot {
  readonly layout: Layout;
  readonly root: string;
  readonly seen: LayoutRoot;
}

/** Without those whose own files do not bear them out, and without rivals of those whose files do. */
function provedRoots(
  roots: readonly { readonly layout: Layout; readonly root: string }[],
  viewOf: (root: string) => LayoutRoot,
): readonly SeenRoot[] {
  const seen = roots.map(({ layout, root }) => ({ layout, root, seen: viewOf(root) }));
  const borneOut = seen.filter((each) => each.layout.isProved?.(each.seen) !== false);
  const proved = new Set(borneOut.flatMap(({ layout, root }) => (layout.isProved === undefined ? [] : [root])));
  return borneOut.filter(({ layout, root }) => layout.isProved !== undefined || !proved.has(root));
}

function hintOf(root: string, { stamp, basis, path, exact }: DatedFile): CollectionHint {
  const under = path === undefined ? root.slice(0, -1) : `${root}${path}`;
  return { stamp, basis, ...(under === '' ? {} : { under }), ...(exact === undefined ? {} : { exact }) };
}

function depthOf(root: string): number {
  return root.split('/').length;
}

function rootView(root: string, name: string, byPath: ReadonlyMap<string, Source>): LayoutRoot {
  const folders = root.split('/');
  return {
    name: root === '' ? name : (folders[folders.length - 2] ?? name),
    text: (path, bytes = TEXT_BYTES) => {
      const source = byPath.get(root + path);
      return source === undefined ? undefined : headOf(source, bytes);
    },
  };
}

function headOf(source: Source, bytes: number): string {
  const parts: Buffer[] = [];
  let size = 0;
  for (const chunk of source.read()) {
    const part = Buffer.from(chunk.subarray(0, bytes - size));
    parts.push(part);
    size += part.length;
    if (size >= bytes) {
      break;
    }
  }
  return Buffer.concat(parts).toString('utf8');
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
