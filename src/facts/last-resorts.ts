import type { Fact } from '../model/index.ts';
import type { Signature } from '../rules/schema.ts';
import type { ClusterState } from './state.ts';

/** Objects whose listing shows how the cluster does. */
const SHOWN = ['Pod', 'Node'];
/** Among many lines that tell of nothing, an error was pasted along with them; where it is most of them, for its own sake. */
const LEAST_SHARE = 1 / 3;

/**
 * What no rule knows is only a remark: logs of clusters that are well hold such errors, too. Where it is all that a few
 * pasted lines tell, it is what they were pasted for, and worth naming.
 *
 * @param excerpts - sources so short that somebody chose their lines
 * @param lines - of all sources together
 */
export function raiseLastResorts(
  facts: readonly Fact[],
  signatures: ReadonlyMap<string, Signature>,
  excerpts: ReadonlySet<string>,
  state: Pick<ClusterState, 'rows'>,
  lines: number,
): readonly Fact[] {
  const isResort = (fact: Fact): boolean => {
    const signature = signatures.get(fact.signature);
    return signature !== undefined && 'fallback' in signature && signature.fallback;
  };
  const tells = ({ polarity, severity }: Fact) =>
    (polarity === 'symptom' || polarity === 'condition') && severity !== 'low';
  if (facts.some((fact) => tells(fact) && !isResort(fact))) return facts;
  if (SHOWN.some((kind) => state.rows(kind).length > 0)) return facts;
  const said = facts.filter(isResort).reduce((sum, { count }) => sum + count, 0);
  if (said < lines * LEAST_SHARE) return facts;
  return facts.map((fact) =>
    fact.severity === 'low' && isResort(fact) && fact.evidence.some(({ ref }) => excerpts.has(ref.source))
      ? { ...fact, severity: 'medium', polarity: 'symptom' }
      : fact,
  );
}
