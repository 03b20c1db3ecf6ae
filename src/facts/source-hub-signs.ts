import type { Argument, Expression, Module, Statement } from "../parsers/python/syntax.ts";
import { expressionsIn, statementsIn } from "../parsers/python/walk.ts";
import { baseName } from "./target-path.ts";
import type { WebhookDrivers } from "./webhook-drivers.fact.ts";

type Sign = WebhookDrivers["generation1"][number];
type Route = WebhookDrivers["routes"][number];
type Line = WebhookDrivers["pushers"][number];

const TEXT_LENGTH_MAX = 160;

/** A line of source as evidence: blanks joined, values of assignments masked. */
export function shownLine(text: string): string {
  const joined = text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/\b([A-Z][A-Z0-9_]*)=(?:"[^"]*"|'[^']*'|\S+)/g, "$1=…")
    .replace(/(Bearer|Authorization:|X-API-Key:)\s+\S+/gi, "$1 …")
    .replace(/:\/\/[^/@\s]*@/g, "://…@");
  return joined.length > TEXT_LENGTH_MAX ? `${joined.slice(0, TEXT_LENGTH_MAX)}…` : joined;
}

function lineText({ source }: Module, line: number): string {
  return shownLine(source.split("\n", line)[line - 1] ?? "");
}

const ROUTE_CALLS: ReadonlySet<string> = new Set(
  "path re_path url route post put api_route add_api_route add_url_rule Route".split(" "),
);
const WEBHOOK = /(?:^|[/^])(?:[a-z]+[-_])?(?:webhooks?|hooks?|ingest)(?:[-_][a-z]+)?(?:[/$?]|$)/i;
/** Pages on which somebody manages webhooks; nothing is delivered there. */
const MANAGES =
  /(?:^|[/_-])(?:add|edit|new|create|delete|remove|update|test|list)[-_/]|[-_/](?:add|edit|new|create|delete|remove|update|list)(?:[/$]|$)/i;

/** Routes that take webhooks: Django's `path()`, and the decorators of FastAPI and Flask. */
export function webhookRoutes(file: string, module: Module): readonly Route[] {
  const routes: Route[] = [];
  for (const expression of callsIn(module)) {
    const { callee, arguments: given } = expression;
    const [first] = given;
    if (!ROUTE_CALLS.has(nameOf(callee)) || first?.value.kind !== "text") continue;
    if (WEBHOOK.test(first.value.text) && !MANAGES.test(first.value.text))
      routes.push({ route: first.value.text, file, line: expression.line });
  }
  return routes.sort((a, b) => a.line - b.line);
}

type Call = Expression & { readonly kind: "call" };

function* callsIn(module: Module): Generator<Call> {
  for (const expression of expressionsIn(module)) if (expression.kind === "call") yield expression;
}

/** Assignments to a plain name, anywhere in a file. */
function* namesSetIn(module: Module): Generator<{
  readonly name: string;
  readonly line: number;
  readonly value: Expression | undefined;
}> {
  for (const statement of statementsIn(module.body))
    if (statement.kind === "assign" && statement.target.kind === "name")
      yield { name: statement.target.name, line: statement.line, value: statement.value };
}

function nameOf(expression: Expression): string {
  return expression.kind === "name" || expression.kind === "attribute" ? expression.name : "";
}

/** Generation 1 in source: a signature header in a driver, `CLUSTER_ENABLED` in settings. */
export function generation1Signs(file: string, module: Module): readonly Sign[] {
  const signs: Sign[] = [];
  for (const { name, line, value } of namesSetIn(module)) {
    if (name === "CLUSTER_ENABLED" || name === "WEBHOOK_SECRET_CLUSTER")
      signs.push({ file, line, sign: `${name} is set` });
    if (name === "signature_header" && value?.kind === "text" && /cluster/i.test(value.text))
      signs.push({ file, line, sign: `signature header ${value.text}` });
  }
  return signs;
}

/** Generation 2 in source: the command that makes keys, the middleware that asks for them. */
export function generation2Signs(file: string, module: Module): readonly Sign[] {
  const signs: Sign[] = [];
  if (/(?:^|\/)management\/commands\/create_api_key\.py$/.test(file))
    signs.push({ file, line: 1, sign: "create_api_key command" });
  for (const statement of statementsIn(module.body))
    if (statement.kind === "class" && statement.name === "APIKeyAuthMiddleware")
      signs.push({ file, line: statement.line, sign: "APIKeyAuthMiddleware is defined" });
  for (const { name, line, value } of namesSetIn(module)) {
    if (name === "API_KEY_AUTH_ENABLED" || name === "HUB_API_KEY")
      signs.push({ file, line, sign: `${name} is set` });
    if (name === "MIDDLEWARE") signs.push(...middlewareSigns(file, value));
  }
  return signs;
}

function middlewareSigns(file: string, value: Expression | undefined): readonly Sign[] {
  const items = value?.kind === "sequence" ? value.items : [];
  return items.flatMap((item) =>
    item.kind === "text" && item.text.endsWith(".APIKeyAuthMiddleware")
      ? [{ file, line: item.line, sign: "APIKeyAuthMiddleware is in MIDDLEWARE" }]
      : [],
  );
}

const PUSH = "push_to_hub";

/** `call_command("push_to_hub")` and scheduled tasks of that name. */
export function pushingCode(file: string, module: Module): readonly Line[] {
  if (baseName(file) === `${PUSH}.py`) return [];
  const found: Line[] = [];
  for (const { callee, arguments: given, line } of callsIn(module)) {
    const first = given[0]?.value;
    const isPush = first?.kind === "text" && first.text === PUSH;
    if (isPush && nameOf(callee) === "call_command")
      found.push({ file, line, text: lineText(module, line) });
  }
  for (const { name, line, value } of namesSetIn(module))
    if (SCHEDULE.test(name) && value !== undefined && mentions(module, value))
      found.push({ file, line, text: `${name} has ${PUSH}` });
  return found;
}

const SCHEDULE = /(?:BEAT_SCHEDULE|CRONJOBS)$/;

function mentions(module: Module, { start, end }: Expression): boolean {
  return module.source.slice(start, end).includes(PUSH);
}

/** Files a scheduler reads: cron tables, timers and units, compose commands. */
export function isScheduleFile(file: string): boolean {
  const name = baseName(file);
  return (
    /\.(?:timer|service|cron|crontab)$/.test(name) ||
    /^crontabs?(?:\.|$)/.test(name) ||
    /(?:^|\/)cron\.[a-z]+\//.test(file) ||
    /^(?:docker-)?compose(?:\..+)?\.ya?ml$/.test(name)
  );
}

/** Lines of a scheduler's file that push; comments do not count. */
export function pushingLines(file: string, text: string): readonly Line[] {
  return linesOf(text)
    .filter(({ words }) => words.includes(PUSH) && !/^Description=/.test(words))
    .map(({ words, line }) => ({ file, line, text: shownLine(words) }));
}

/** `curl -k` on a line that has to do with the hub. */
export function insecureLines(file: string, text: string): readonly Line[] {
  return linesOf(text)
    .filter(({ words }) => /\b(?:curl|wget)\b/.test(words) && /HUB_URL|\bhub\b/i.test(words))
    .filter(({ words }) => /\s(?:-k|--insecure|--no-check-certificate)(?:\s|$)/.test(words))
    .map(({ words, line }) => ({ file, line, text: shownLine(words) }));
}

function linesOf(text: string): readonly { readonly words: string; readonly line: number }[] {
  return text
    .split("\n")
    .map((line, index) => ({ words: line.trim(), line: index + 1 }))
    .filter(({ words }) => words !== "" && !/^[#;]/.test(words))
    .map(({ words, line }) => ({ words: words.replace(/\s#.*$/, ""), line }));
}

/** HTTPS verification turned off: `verify=False`, `CERT_NONE`, an unverified context. */
export function unverifiedCode(file: string, module: Module): readonly Line[] {
  const lines = new Set<number>();
  for (const expression of expressionsIn(module))
    if (UNVERIFIED.has(nameOf(expression))) lines.add(expression.line);
  for (const { arguments: given } of callsIn(module))
    for (const { value } of given.filter(isVerifyingOff)) lines.add(value.line);
  for (const statement of statementsIn(module.body))
    if (turnsOff(statement)) lines.add(statement.line);
  return [...lines]
    .sort((a, b) => a - b)
    .map((line) => ({ file, line, text: lineText(module, line) }));
}

/** `session.verify = False`, `context.check_hostname = False`. */
function turnsOff(statement: Statement): boolean {
  if (statement.kind !== "assign" || statement.target.kind !== "attribute") return false;
  const { name } = statement.target;
  const { value } = statement;
  return (name === "verify" || name === "check_hostname") && value !== undefined && isOff(value);
}

const UNVERIFIED: ReadonlySet<string> = new Set(["CERT_NONE", "_create_unverified_context"]);
const VERIFYING: ReadonlySet<string> = new Set(["verify", "ssl", "verify_ssl", "check_hostname"]);

function isVerifyingOff({ name, value }: Argument): boolean {
  return name !== undefined && VERIFYING.has(name) && isOff(value);
}

function isOff(value: Expression): boolean {
  return value.kind === "constant" && value.value === false;
}
