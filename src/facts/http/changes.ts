import type { HttpAttempt, HttpExchange, SiteChanges } from "../../core/http-site.ts";

/** What differs between two answers to the same question. */
export function compareAnswers(
  first: HttpExchange | undefined,
  again: HttpAttempt | undefined,
): SiteChanges {
  if (first === undefined || again === undefined || !("answer" in again)) {
    return { wasAskedAgain: false, fields: [], isBodyDifferent: false };
  }
  const second = again.answer;
  return {
    wasAskedAgain: true,
    ...(first.status !== second.status && { status: [first.status, second.status] as const }),
    fields: changedFields(first, second),
    isBodyDifferent: first.body.sha256 !== second.body.sha256,
  };
}

function changedFields(first: HttpExchange, second: HttpExchange): readonly string[] {
  const [before, after] = [valuesByName(first), valuesByName(second)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

function valuesByName({ fields }: HttpExchange): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    values.set(key, `${values.get(key) ?? ""}\n${value}`);
  }
  return values;
}
