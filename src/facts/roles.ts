import type { Roles } from '../rules/schema.ts';
import { matchesGlob } from '../text/glob.ts';

/** Which part a workload plays, by data (rules/roles.yaml). */
export interface RoleFinder {
  /** Role of a pod or workload, by its name and namespace. */
  ofWorkload(namespace: string | undefined, name: string): string | undefined;
  /** Role of a journal unit or host process. */
  ofUnit(unit: string): string | undefined;
  ofImage(image: string): string | undefined;
  /** Role behind a service `ns/name`. */
  ofService(service: string): string | undefined;
}

/** Tables are searched in order: the first role that fits wins. */
export function findRoles(roles: Roles): RoleFinder {
  const byName = new Map<string, string | undefined>();
  const search = (key: string, find: () => string | undefined): string | undefined => {
    if (!byName.has(key)) byName.set(key, find());
    return byName.get(key);
  };
  return {
    ofWorkload: (namespace, name) =>
      search(
        `w ${namespace} ${name}`,
        () =>
          roles.find(
            (role) =>
              role.names.some((glob) => matchesGlob(name, glob)) &&
              (namespace === undefined ||
                role.namespaces.length === 0 ||
                role.namespaces.some((glob) => matchesGlob(namespace, glob))),
          )?.role,
      ),
    ofUnit: (unit) =>
      search(`u ${unit}`, () => roles.find((role) => role.units.some((glob) => matchesGlob(unit, glob)))?.role),
    ofImage: (image) =>
      search(`i ${image}`, () => roles.find((role) => role.images.some((glob) => matchesGlob(image, glob)))?.role),
    ofService: (service) =>
      search(
        `s ${service}`,
        () => roles.find((role) => role.services.some((glob) => matchesGlob(service, glob)))?.role,
      ),
  };
}
