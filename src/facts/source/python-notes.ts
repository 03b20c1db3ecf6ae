import type { Expression, Module } from "../../parsers/python/syntax.ts";
import { expressionsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { baseName } from "../target-path.ts";
import { PYTHON_FRAMEWORKS, pythonFilesWith } from "./python-files.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

/** Variables that say which stage a program is in: `APP_ENV`, `FLASK_CONFIG`, `PRODUCTION`. */
const STAGE =
  /(?:^|_)(?:ENV|ENVIRONMENT|STAGE|APP_MODE)$|^(?:FLASK|APP|APPLICATION)_(?:CONFIG|SETTINGS)$|^(?:IS_)?PRODUCTION$/;
const NEEDLE =
  /load_dotenv|read_env|unsafe-(?:inline|eval)|\.run\([^)]{0,200}debug|(?:getenv|environ)\W{1,4}(?:get\W{1,3})?["']\w*(?:ENV|ENVIRONMENT|STAGE|APP_MODE|CONFIG|SETTINGS|PRODUCTION)["']/;
const UNSAFE = /\b(?:script|default)-src[^;]*'unsafe-(?:inline|eval)'/;
const LOADERS = /(?:^|\.)(?:load_dotenv|read_env|read_envfile)$/;
const UWSGI_FILES_MAX = 8;

/**
 * What is told where it stands and decides nothing by itself: files of variables that the program loads,
 * policies that let inline scripts run, fields that uwsgi adds.
 */
export const pythonNotesReader: SourceReader = {
  frameworks: ["django", "fastapi", "starlette", "flask"],
  needles: [NEEDLE],
  async read(context) {
    const rows: SourceSetting[] = [...(await uwsgiFields(context))];
    for (const file of await pythonFilesWith(context, NEEDLE)) {
      const module = await context.python.parse(file);
      if (module === undefined) continue;
      const found = [...expressionsIn(module)].sort((a, b) => a.start - b.start);
      rows.push(...found.flatMap((each) => noteOf(each, module, file)));
    }
    const framework = context.application.frameworks.find((each) =>
      PYTHON_FRAMEWORKS.has(each.framework),
    );
    const told = new Map(rows.map((row) => [`${row.slug} ${row.file}:${row.line}`, row]));
    return [...told.values()].map((row) => ({
      ...row,
      ...(framework === undefined ? {} : { framework: framework.framework }),
    }));
  },
};

function noteOf(expression: Expression, module: Module, file: string): readonly SourceSetting[] {
  if (expression.kind === "call" && LOADERS.test(nameOf(expression.callee))) {
    const [path] = expression.arguments;
    const value = path?.value.kind === "text" ? path.value.text : ".env";
    return [row("env.load", value, file, expression.line, path?.value.kind === "text")];
  }
  if (expression.kind === "subscript") return stageNote(expression, file);
  if (expression.kind === "call")
    return [...stageNote(expression, file), ...runNote(expression, file)];
  if (expression.kind !== "text" && expression.kind !== "format") return [];
  return unsafeLines(module.source.slice(expression.start, expression.end)).map(
    ({ at, directive }) => row("csp.unsafe", directive, file, expression.line + at, true),
  );
}

type Called = Expression & { readonly kind: "call" };

/** `os.getenv("APP_ENV", "development")`, `os.environ["APP_ENV"]`: the stage as the program asks for it. */
function stageNote(asked: Expression, file: string): readonly SourceSetting[] {
  const [name, fallback] = askedFor(asked);
  if (name?.kind !== "text" || !STAGE.test(name.text)) return [];
  const without = fallback?.kind === "text" ? `, default ${fallback.text.slice(0, 40)}` : "";
  const told = row("env.mode", `env ${name.text}${without}`, file, asked.line, true);
  return [{ ...told, kind: "env", variables: [name.text] }];
}

function askedFor(asked: Expression): readonly Expression[] {
  if (asked.kind === "subscript")
    return nameOf(asked.object).endsWith("environ") ? [asked.index] : [];
  if (asked.kind !== "call" || asked.callee.kind !== "attribute") return [];
  const { name, object } = asked.callee;
  const isLookUp = name === "getenv" || (name === "get" && nameOf(object).endsWith("environ"));
  return isLookUp ? asked.arguments.map(({ value }) => value) : [];
}

/** `app.run(debug=True)`: of a program that is started by itself, which servers do not do. */
function runNote({ callee, arguments: given }: Called, file: string): readonly SourceSetting[] {
  const debug = given.find(({ name }) => name === "debug")?.value;
  if (callee.kind !== "attribute" || callee.name !== "run" || debug === undefined) return [];
  const isSwitch = debug.kind === "constant";
  const value = isSwitch ? String(debug.value) : "it is put together at run time";
  return [row("flask.debug", value, file, debug.line, isSwitch)];
}

/** Lines of a text, which may be put together of several, whose policy lets inline scripts or eval run. */
function unsafeLines(
  source: string,
): readonly { readonly at: number; readonly directive: string }[] {
  return source.split("\n").flatMap((line, at) => {
    const directive = UNSAFE.exec(line)?.[0];
    return directive === undefined ? [] : [{ at, directive: directive.slice(0, 120) }];
  });
}

function nameOf(expression: Expression): string {
  if (expression.kind === "name") return expression.name;
  return expression.kind === "attribute" ? `.${expression.name}` : "";
}

/** `route = ^/static/ addheader:Content-Security-Policy: sandbox` (uWSGI, internal routing). */
async function uwsgiFields({ sources }: SourceContext): Promise<readonly SourceSetting[]> {
  const rows: SourceSetting[] = [];
  const files = sources.paths.filter((path) => /uwsgi.*\.ini$/.test(baseName(path)));
  for (const file of files.slice(0, UWSGI_FILES_MAX)) {
    const lines = ((await sources.text(file)) ?? "").split("\n");
    for (const [at, line] of lines.entries()) {
      const policy = /^\s*route\S*\s*=.*\baddheader:Content-Security-Policy:\s*(.{1,200})$/i.exec(
        line,
      );
      if (policy?.[1] !== undefined)
        rows.push(row("headers.static_csp", policy[1], file, at + 1, true));
    }
  }
  return rows;
}

function row(
  slug: string,
  value: string,
  file: string,
  line: number,
  isLiteral: boolean | undefined,
): SourceSetting {
  return {
    ...{
      slug,
      file,
      line,
      kind: isLiteral === true ? "literal" : "computed",
      value,
      variables: [],
    },
    resolved: { state: "known", value, from: "literal" },
    chain: `${value} <- ${file}:${line}`,
  };
}
