import { ROW_ENTITY } from '../model/row-entity.ts';
import type { MemberType } from './condition/check.ts';
import { captureNames } from './pattern.ts';
import { rowAttributes } from './row-attributes.ts';
import type { Signature } from './schema.ts';

/**
 * What a signature's facts can be asked besides the fields of every fact: entity roles, captures, cells, and what the
 * engine adds for its kind. A capture has type `any`, for it may hold a number.
 */
export function membersOf(
  signature: Signature,
  signatureById: (id: string) => readonly Signature[],
): Map<string, MemberType> {
  const members = new Map<string, MemberType>();
  switch (signature.kind) {
    case 'log':
    case 'kube-event':
      for (const name of captureNames(signature.match.pattern)) members.set(name, 'any');
      if (signature.match.followed) members.set(signature.match.followed.as, 'any');
      members.set('unit', 'text').set('process', 'any');
      break;
    case 'row': {
      for (const [name, type] of rowAttributes(signature.rows) ?? []) members.set(name, type);
      const own = ROW_ENTITY[signature.rows];
      if (own) members.set(own, 'entity');
      break;
    }
    case 'absence':
      for (const name of captureNames(signature.alsoProvedBy?.pattern ?? '')) members.set(name, 'any');
      members.set('proof', 'text').set('component', 'any').set('place', 'text');
      break;
    case 'silence':
      members.set('seconds', 'number').set('bootFollows', 'boolean').set('log', 'text').set('lastLine', 'number');
      break;
    case 'restart':
      members.set('process', 'any').set('oldPid', 'number').set('newPid', 'number').set('isBoot', 'boolean');
      break;
    case 'derived':
      for (const source of signature.from.flatMap(signatureById)) {
        if (source.kind === 'derived') continue;
        for (const [name, type] of membersOf(source, signatureById)) members.set(name, type);
      }
      break;
  }
  for (const role of Object.keys(signature.entities)) members.set(role, members.has(role) ? 'any' : 'entity');
  return members;
}
