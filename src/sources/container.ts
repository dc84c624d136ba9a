/**
 * Where members come from, and what their paths are in the end.
 *
 * A file has the same path whether the bundle is a folder, an archive of that folder, or an archive in an archive. So
 * wrappers are taken off: an archive that is all there is, and one folder that holds everything in it, unless the
 * archive has an entry for its own root (`tar -C folder .`), which shows that nothing was wrapped.
 */

export interface Container {
  /** Where the archive itself lies; undefined for what the user named. */
  readonly parent?: Place;
  /** Its paths start at the bundle's root: nothing to take off. */
  rooted: boolean;
  /** First parts of the names in it; the empty one for files that lie at the top. */
  readonly tops: Set<string>;
  members: number;
  /** The last archive found in it. */
  inner?: Container;
}

export interface Place {
  readonly container: Container;
  readonly name: string;
}

export function newContainer(parent: Place | undefined, rooted: boolean): Container {
  const container: Container = { rooted, tops: new Set(), members: 0, ...(parent === undefined ? {} : { parent }) };
  if (parent !== undefined) {
    parent.container.inner = container;
  }
  return container;
}

/** Counts a member in, and returns its place. */
export function place(container: Container, name: string): Place {
  container.members += 1;
  const slash = name.indexOf('/');
  container.tops.add(slash < 0 ? '' : name.slice(0, slash));
  return { container, name };
}

/** Names the paths of one input; asked when everything in it has been seen. */
export function pathNamer(input: Container, isFolder: boolean): (place: Place) => string {
  let root = input;
  while (!isFolder && root.members === 1 && root.inner !== undefined) {
    root = root.inner;
  }
  const [top] = root.tops;
  const wrapped = root !== input && !root.rooted && root.tops.size === 1 && top !== '';
  const stripped = wrapped && top !== undefined ? top.length + 1 : 0;
  const pathOf = ({ container, name }: Place): string => {
    if (container === root) {
      return name.slice(stripped);
    }
    // A place above the root is the archive itself, which has no path in the bundle.
    return container.parent === undefined ? name : `${pathOf(container.parent)}/${name}`;
  };
  return pathOf;
}
