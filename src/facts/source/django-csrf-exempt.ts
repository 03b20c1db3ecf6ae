import type {
  Call,
  ClassDefinition,
  Expression,
  FunctionDefinition,
  Module,
  Place,
} from "../../parsers/python/syntax.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { rowsOfFiles } from "./python-library.ts";
import type { SourceReader } from "./reader.ts";

const NEEDLE = /\bcsrf_exempt\b/;
const SUBJECT_LENGTH_MAX = 60;
/** Methods by which Django's views change state; the others are never checked for a token (Django, csrf.py). */
const CHANGING = new Set(["post", "put", "patch", "delete"]);
const SAFE = /^(?:GET|HEAD|OPTIONS|TRACE)$/;

/** Django's views that change state and are taken out of the protection against forged requests. */
export const djangoCsrfExemptReader: SourceReader = {
  frameworks: ["django"],
  needles: [NEEDLE],
  read(context) {
    return rowsOfFiles(context, NEEDLE, async ({ python }, file) => {
      const module = await python.parse(file);
      return module === undefined ? [] : exemptIn(module).map((one) => rowOf(one, file));
    });
  },
};

interface Exempt {
  readonly subject: string;
  readonly place: Place;
}

function exemptIn(module: Module): readonly Exempt[] {
  const found: Exempt[] = [];
  for (const statement of statementsIn(module.body)) {
    if (statement.kind === "function") found.push(...exemptFunction(statement));
    if (statement.kind === "class") found.push(...exemptClass(statement));
  }
  // `csrf_exempt(View.as_view())` in a list of routes: what the view answers to is not looked at.
  for (const expression of expressionsIn(module)) {
    if (expression.kind !== "call" || !isNamed(expression.callee, "csrf_exempt")) continue;
    const [view] = expression.arguments;
    if (view === undefined) continue;
    const subject = module.source.slice(view.value.start, view.value.end);
    found.push({ subject: subject.slice(0, SUBJECT_LENGTH_MAX), place: expression });
  }
  return found.toSorted((a, b) => a.place.line - b.place.line);
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
