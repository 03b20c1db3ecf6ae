import type {
  Call,
  ClassDefinition,
  Expression,
  FunctionDefinition,
  Module,
} from "../../parsers/python/syntax.ts";
import { statementsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { type Exempt, exemptCalls, exemptRows } from "./csrf-exempt.ts";
import type { SourceReader } from "./reader.ts";

const NEEDLE = /\bcsrf_exempt\b/;
/** Methods by which Django's views change state; the others are never checked for a token (Django, csrf.py). */
const CHANGING = new Set(["post", "put", "patch", "delete"]);
const SAFE = /^(?:GET|HEAD|OPTIONS|TRACE)$/;

/** Django's views that change state and are taken out of the protection against forged requests. */
export const djangoCsrfExemptReader: SourceReader = {
  frameworks: ["django"],
  needles: [NEEDLE],
  read: (context) => exemptRows(context, NEEDLE, exemptIn, rowOf),
};

function exemptIn(module: Module): readonly Exempt[] {
  const found: Exempt[] = [];
  for (const statement of statementsIn(module.body)) {
    if (statement.kind === "function") found.push(...exemptFunction(statement));
    if (statement.kind === "class") found.push(...exemptClass(statement));
  }
  // `csrf_exempt(View.as_view())` in a list of routes: what the view answers to is not looked at.
  return [...found, ...exemptCalls(module, (callee) => isNamed(callee, "csrf_exempt"))];
}

function exemptFunction({ name, decorators }: FunctionDefinition): readonly Exempt[] {
  const place = decorators.find((one) => isNamed(one, "csrf_exempt"));
  return place === undefined || decorators.some(letsOnlyReads) ? [] : [{ subject: name, place }];
}

/** On a method other than `dispatch` the decorator has no effect (Django, "Decorating the class"). */
function exemptClass({ name, decorators, body }: ClassDefinition): readonly Exempt[] {
  const methods = body.flatMap((one) => (one.kind === "function" ? [one] : []));
  if (!methods.some((method) => CHANGING.has(method.name))) return [];
  const dispatch = methods.find((method) => method.name === "dispatch");
  const place = [...decorators, ...(dispatch?.decorators ?? [])].find(
    (one) => one.kind === "call" && isNamed(one.callee, "method_decorator") && exempts(one),
  );
  return place === undefined ? [] : [{ subject: name, place }];
}

/** `method_decorator(csrf_exempt)`, `method_decorator([csrf_exempt, login_required])`. */
function exempts({ arguments: given }: Call): boolean {
  const [first] = given;
  if (first === undefined) return false;
  const { value } = first;
  const all = value.kind === "sequence" ? value.items : [value];
  return all.some((one) => isNamed(one, "csrf_exempt"));
}

function letsOnlyReads(decorator: Expression): boolean {
  if (isNamed(decorator, "require_safe") || isNamed(decorator, "require_GET")) return true;
  if (decorator.kind !== "call" || !isNamed(decorator.callee, "require_http_methods")) return false;
  const list = decorator.arguments[0]?.value;
  if (list?.kind !== "sequence") return false;
  return list.items.every((item) => item.kind === "text" && SAFE.test(item.text));
}

function isNamed(expression: Expression, name: string): boolean {
  return (
    (expression.kind === "name" || expression.kind === "attribute") && expression.name === name
  );
}

function rowOf({ subject, place }: Exempt, file: string): SourceSetting {
  return {
    ...{ slug: "django.csrf_exempt", property: "csrf.exempt-view", framework: "django" },
    ...{ subject, file, line: place.line, column: place.column, kind: "literal", value: subject },
    variables: [],
    resolved: { state: "known", value: true, from: "literal" },
    chain: `csrf_exempt(${subject}) <- ${file}:${place.line}`,
  };
}
