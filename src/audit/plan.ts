import type { AnyCheck } from "../core/check.ts";
import type { AnyFact, Needs } from "../core/fact.ts";

/** What an audit would do, computed before anything runs. */
export interface PlannedFact {
  readonly fact: AnyFact;
  /** Ids of the checks it is gathered for, directly or through other facts. */
  readonly neededBy: readonly string[];
}

/** Every fact the checks reach, in order of access and id. */
export function planFacts(checks: readonly AnyCheck[]): readonly PlannedFact[] {
  const users = new Map<AnyFact, Set<string>>();
  for (const check of checks) {
    const id = `${check.control.id}/${check.layer}`;
    for (const fact of reached([check.needs, check.wants])) {
      const ids = users.get(fact) ?? new Set();
      users.set(fact, ids.add(id));
    }
  }
  return [...users]
    .map(([fact, ids]) => ({ fact, neededBy: [...ids].sort() }))
    .sort((a, b) => (order(a.fact) < order(b.fact) ? -1 : 1));
}

function reached(roots: readonly Needs[]): ReadonlySet<AnyFact> {
  const seen = new Set<AnyFact>();
  const open = roots.flatMap((needs) => Object.values(needs));
  for (let fact = open.pop(); fact !== undefined; fact = open.pop()) {
    if (seen.has(fact)) continue;
    seen.add(fact);
    open.push(
      ...(Object.values(fact.needs) as AnyFact[]),
      ...(Object.values(fact.wants) as AnyFact[]),
    );
  }
  return seen;
}

function order({ access, id }: AnyFact): string {
  return `${["read", "run", "connect", "probe"].indexOf(access)} ${id}`;
}
