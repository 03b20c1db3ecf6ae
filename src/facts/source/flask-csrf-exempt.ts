import type { Expression, FunctionDefinition, Module } from "../../parsers/python/syntax.ts";
import { statementsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { type Exempt, exemptCalls, exemptRows } from "./csrf-exempt.ts";
import type { SourceReader } from "./reader.ts";

const NEEDLE = /\.exempt\b/;
/** How programs call their `CSRFProtect()` or `SeaSurf()`; limiters have an `exempt` as well. */
const PROTECTOR = /csrf|xsrf|sea_?surf/i;
const MAKER = /^(?:C(?:SRF|srf)Protect|SeaSurf)$/;
/** Methods that Flask-WTF checks where nothing else is set (`WTF_CSRF_METHODS`). */
const CHANGING = /^(?:POST|PUT|PATCH|DELETE)$/;

/** Views and blueprints that Flask-WTF's or SeaSurf's protection leaves out. */
export const flaskCsrfExemptReader: SourceReader = {
  frameworks: ["flask"],
  needles: [NEEDLE],
  read: (context) => exemptRows(context, NEEDLE, exemptIn, rowOf),
};

function exemptIn(module: Module): readonly Exempt[] {
  const own = ownProtectors(module);
  const isExempt = (expression: Expression): boolean =>
    expression.kind === "attribute" &&
    expression.name === "exempt" &&
    (PROTECTOR.test(lastName(expression.object)) || own.has(lastName(expression.object)));
  const found: Exempt[] = [];
  for (const statement of statementsIn(module.body)) {
    if (statement.kind !== "function") continue;
    const place = statement.decorators.find(isExempt);
    if (place !== undefined && mayChange(statement)) found.push({ subject: statement.name, place });
  }
  // `csrf.exempt(blueprint)`, `app.register_blueprint(csrf.exempt(api))`.
  return [...found, ...exemptCalls(module, isExempt)];
}

/** Names that the file itself gives to one: `protect = CSRFProtect(app)`. */
function ownProtectors({ body }: Module): ReadonlySet<string> {
  return new Set(
    [...statementsIn(body)].flatMap((statement) =>
      statement.kind === "assign" &&
      statement.value?.kind === "call" &&
      MAKER.test(lastName(statement.value.callee))
        ? [lastName(statement.target)]
        : [],
    ),
  );
}

function lastName(expression: Expression): string {
  return expression.kind === "name" || expression.kind === "attribute" ? expression.name : "";
}

/** A route that names no method takes GET alone (Flask, "HTTP Methods"); a view that has no route here may take any. */
function mayChange({ decorators }: FunctionDefinition): boolean {
  const routes = decorators.filter(
    (decorator) =>
      decorator.kind === "call" &&
      /^(?:route|get|post|put|patch|delete)$/.test(lastName(decorator.callee)),
  );
  return routes.length === 0 || routes.some(isChanging);
}

function isChanging(route: Expression): boolean {
  if (route.kind !== "call") return true;
  const name = lastName(route.callee);
  if (name !== "route") return name !== "get";
  const methods = route.arguments.find((argument) => argument.name === "methods")?.value;
  if (methods === undefined) return false;
  if (methods.kind !== "sequence") return true;
  return methods.items.some(
    (item) => item.kind !== "text" || CHANGING.test(item.text.toUpperCase()),
  );
}

function rowOf({ subject, place }: Exempt, file: string): SourceSetting {
  return {
    ...{ slug: "flask.csrf_exempt", property: "csrf.exempt-view", framework: "flask" },
    ...{ subject, file, line: place.line, column: place.column, kind: "literal", value: subject },
    variables: [],
    resolved: { state: "known", value: true, from: "literal" },
    chain: `csrf.exempt(${subject}) <- ${file}:${place.line}`,
  };
}
