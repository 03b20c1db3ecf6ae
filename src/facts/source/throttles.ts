import { list, type Value } from "../../parsers/python/value.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { entriesOf, libraryRow, type NamedEntry } from "./python-library.ts";
import type { SourceContext } from "./reader.ts";

/**
 * Scopes that the throttles of Django REST framework limit on every view; `ScopedRateThrottle` limits only those
 * that name a scope ("Throttling" of its guide, `rest_framework/throttling.py`).
 */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  AnonRateThrottle: ["anon"],
  UserRateThrottle: ["user"],
  ScopedRateThrottle: [],
};
/** Scopes of views that people log in by. */
const LOGIN =
  /(?:^|[_-])(?:log-?in|sign-?in|auth|authentication|password|token|dj_rest_auth)(?:$|[_-])/i;

/** `DEFAULT_THROTTLE_RATES` of `REST_FRAMEWORK`, of which only those count that the default classes limit by. */
export function throttleRows(
  context: SourceContext,
  value: Value,
  file: string,
): readonly SourceSetting[] {
  const entries = entriesOf(value);
  const rates = entries.find(({ name }) => name === "DEFAULT_THROTTLE_RATES");
  const classes = entries.find(({ name }) => name === "DEFAULT_THROTTLE_CLASSES");
  if (rates === undefined) return [];
  const scopes = entriesOf(rates.value);
  const limits = limitsOf(classes?.value, scopes);
  const at = { file, line: rates.line, column: 1 };
  const row = libraryRow(context, {
    ...{ slug: "ratelimit.app", property: "ratelimit.app", name: "rest_framework" },
    ...{ value: list(limits ?? []), ...at },
  });
  const reason = "which of the rates its own throttles count by is not known";
  return [
    limits === undefined ? { ...row, resolved: { state: "unknown", reason } } : row,
    ...scopes.filter(({ name, value: rate }) => LOGIN.test(name) && isRate(rate)).map(loginRow),
  ];

  function loginRow({ name, value: rate, line }: NamedEntry): SourceSetting {
    const found = { slug: "ratelimit.login", property: "ratelimit.login" } as const;
    return libraryRow(context, { ...found, name, value: rate, file, line, column: 1 });
  }
}

/** Rates in force on every view; `undefined` where that hangs on throttles of the project's own. */
function limitsOf(
  classes: Value | undefined,
  scopes: readonly NamedEntry[],
): readonly Value[] | undefined {
  const rates = scopes.filter(({ value }) => isRate(value));
  const names = (classes?.kind === "list" ? classes.items : []).map((item) =>
    item.kind === "text" ? item.text.slice(item.text.lastIndexOf(".") + 1) : "",
  );
  const isOwn = (name: string) => !Object.hasOwn(SCOPES, name);
  if (!names.some(isOwn)) {
    const limited = new Set(names.flatMap((name) => SCOPES[name] ?? []));
    return rates.filter(({ name }) => limited.has(name)).map(({ value }) => value);
  }
  // Throttles of a project's own may count by any of the scopes that have a rate.
  return rates.length === scopes.length || rates.length === 0
    ? rates.map(({ value }) => value)
    : undefined;
}

/** No throttle limits by a rate of `None`. */
function isRate({ kind }: Value): boolean {
  return kind !== "none";
}
