import type { Expression, Module } from "../parsers/python/syntax.ts";
import { expressionsIn, importsOf } from "../parsers/python/walk.ts";
import type { PythonProject } from "./python-project.ts";
import { FACTORY_NEEDLE, type FactoryCall, factoryCalls } from "./source-factories.ts";
import { isDevelopmentFile, type SourceFiles } from "./source-files.ts";
import { baseName } from "./target-path.ts";

export type Framework =
  | "django"
  | "fastapi"
  | "starlette"
  | "flask"
  | "express"
  | "koa"
  | "fastify"
  | "nextjs";

/** A place in source that shows which framework is used. */
export interface FrameworkSign {
  readonly framework: Framework;
  readonly file: string;
  readonly line: number;
  readonly sign: string;
  /** The module calls a factory of another file. */
  readonly factory?: FactoryCall;
}

/** Text without which a Python file shows no framework: files without it are not parsed. */
const PYTHON_NEEDLE =
  /\b(?:FastAPI|Starlette|Flask|Quart)\s*[(),]|DJANGO_SETTINGS_MODULE|\bINSTALLED_APPS\b|\bROOT_URLCONF\b|\bALLOWED_HOSTS\b|\bSECRET_KEY\b|\b(?:import|from)\s+django\b/;

/** Names by which applications, their settings and their launchers go. */
const LIKELY_PYTHON =
  /^(?:manage|wsgi|asgi|app|apps|main|application|server|run|api|web|webui|config|conf|__init__|settings|.*settings.*)\.py$/;
const LIKELY_SCRIPT = /^(?:server|index|app|main|www)\.[cm]?[jt]s$/;

const LIKELY_FILES_MAX = 250;
const FURTHER_FILES_MAX = 700;

/** Signs of every framework: likely files first, all others only where those show none. */
export async function frameworkSigns(
  sources: SourceFiles,
  python: PythonProject,
): Promise<readonly FrameworkSign[]> {
  const { paths } = sources;
  const isLikely = (path: string): boolean =>
    LIKELY_PYTHON.test(baseName(path)) ||
    LIKELY_SCRIPT.test(baseName(path)) ||
    baseName(path) === "package.json" ||
    /(?:^|\/)(?:settings|config|conf)\/[^/]+\.py$/.test(path);
  const likely = paths.filter(isLikely).slice(0, LIKELY_FILES_MAX);
  const first = await signsIn(likely, sources, python);
  if (first.length > 0) return [...first, ...(await applicationSigns(first, sources))];
  const further = paths
    .filter((path) => !isLikely(path) && /\.(?:py|[cm]?[jt]s)$/.test(path))
    .slice(0, FURTHER_FILES_MAX);
  return signsIn(further, sources, python);
}

/** Where a manifest asks for a framework of Node's: the file that makes its application, by whatever name. */
async function applicationSigns(
  signs: readonly FrameworkSign[],
  sources: SourceFiles,
): Promise<readonly FrameworkSign[]> {
  const isOpen = ({ framework }: FrameworkSign): boolean =>
    NODE_FRAMEWORKS.has(framework) &&
    !signs.some((one) => one.framework === framework && /\.[cm]?[jt]s$/.test(one.file));
  const open = new Set(signs.filter(isOpen).map(({ framework }) => framework));
  const found: FrameworkSign[] = [];
  if (open.size === 0) return found;
  const scripts = sources.paths.filter((path) => SCRIPT.test(path) && !isDevelopmentFile(path));
  for (const path of scripts.slice(0, FURTHER_FILES_MAX)) {
    for (const sign of await scriptSigns(path, sources))
      if (open.delete(sign.framework)) found.push(sign);
    if (open.size === 0) break;
  }
  return found;
}

const SCRIPT =
  /^(?!.*\.(?:d|config|stories|min)\.)(?!(?:.*\/)?(?:public|client|frontend|components)\/).*\.[cm]?[jt]s$/;
const NODE_FRAMEWORKS: ReadonlySet<Framework> = new Set(["express", "koa", "fastify"]);

async function signsIn(
  paths: readonly string[],
  sources: SourceFiles,
  python: PythonProject,
): Promise<readonly FrameworkSign[]> {
  const signs: FrameworkSign[] = [];
  for (const path of paths) {
    if (path.endsWith(".py")) signs.push(...(await pythonSigns(path, sources, python)));
    else signs.push(...(await scriptSigns(path, sources)));
  }
  return signs;
}

async function pythonSigns(
  file: string,
  sources: SourceFiles,
  python: PythonProject,
): Promise<readonly FrameworkSign[]> {
  const text = await sources.text(file);
  if (text === undefined || !(PYTHON_NEEDLE.test(text) || FACTORY_NEEDLE.test(text))) return [];
  const module = await python.parse(file);
  if (module === undefined) return [];
  const signs = [...djangoSigns(file, module), ...constructorSigns(file, module)];
  return signs.length > 0 ? signs : factorySigns(file, module, sources, python);
}

/** `app = create_app()`: the framework is that of the file that has the function. */
async function factorySigns(
  file: string,
  module: Module,
  sources: SourceFiles,
  python: PythonProject,
): Promise<readonly FrameworkSign[]> {
  const signs: FrameworkSign[] = [];
  for (const factory of await factoryCalls(file, module, python)) {
    if (!CONSTRUCTOR_NEEDLE.test((await sources.text(factory.factory)) ?? "")) continue;
    const other = await python.parse(factory.factory);
    const [made] = other === undefined ? [] : constructorSigns(factory.factory, other);
    if (made === undefined) continue;
    const { line, name } = factory;
    signs.push({ framework: made.framework, file, line, sign: `${name}() is called`, factory });
  }
  return signs;
}

const CONSTRUCTOR_NEEDLE = /\b(?:FastAPI|Starlette|Flask|Quart)\s*[(),]/;

/** Names that only Django's settings have. */
const DJANGO_SETTINGS: ReadonlySet<string> = new Set([
  "INSTALLED_APPS",
  "ROOT_URLCONF",
  "ALLOWED_HOSTS",
  "MIDDLEWARE",
  "WSGI_APPLICATION",
  "ASGI_APPLICATION",
]);

/** Whether a module assigns what only Django's settings have; where, when it does. */
export function djangoSettingIn({ body }: Pick<Module, "body">): FrameworkSign | undefined {
  for (const statement of body) {
    if (statement.kind !== "assign" && statement.kind !== "augment") continue;
    const { target, line } = statement;
    if (target.kind === "name" && DJANGO_SETTINGS.has(target.name))
      return { framework: "django", file: "", line, sign: `${target.name} is set` };
  }
  return undefined;
}

function djangoSigns(file: string, module: Module): readonly FrameworkSign[] {
  if (isDevelopmentFile(file)) return [];
  const setting = djangoSettingIn(module);
  if (setting !== undefined) return [{ ...setting, file }];
  for (const expression of expressionsIn(module))
    if (expression.kind === "text" && expression.text === "DJANGO_SETTINGS_MODULE")
      return [
        { framework: "django", file, line: expression.line, sign: "DJANGO_SETTINGS_MODULE is set" },
      ];
  const imported = module.body.find(
    (statement) =>
      (statement.kind === "import-from" && /^django(?:\.|$)/.test(statement.path)) ||
      (statement.kind === "import" &&
        statement.names.some(({ path }) => /^django(?:\.|$)/.test(path))),
  );
  if (imported === undefined) return [];
  return [{ framework: "django", file, line: imported.line, sign: "django is imported" }];
}

const CONSTRUCTORS: Readonly<
  Record<string, { framework: Framework; packages: readonly string[] }>
> = {
  FastAPI: { framework: "fastapi", packages: ["fastapi"] },
  Starlette: { framework: "starlette", packages: ["starlette"] },
  Flask: { framework: "flask", packages: ["flask"] },
  Quart: { framework: "flask", packages: ["quart"] },
};

function constructorSigns(file: string, module: Module): readonly FrameworkSign[] {
  if (isDevelopmentFile(file)) return [];
  const packages = new Set(importsOf(module).map(({ path }) => path.split(".")[0] ?? ""));
  const found = new Map<Framework, FrameworkSign>();
  for (const expression of expressionsIn(module)) {
    const sign = constructorSign(expression, packages, file);
    const before = sign === undefined ? undefined : found.get(sign.framework);
    if (sign !== undefined && (before === undefined || before.line > sign.line))
      found.set(sign.framework, sign);
  }
  for (const sign of subclassSigns(file, module, packages))
    if (!found.has(sign.framework)) found.set(sign.framework, sign);
  return [...found.values()];
}

/** `class Shop(Flask)`: then the call has the subclass's name. */
function subclassSigns(
  file: string,
  { body }: Module,
  packages: ReadonlySet<string>,
): readonly FrameworkSign[] {
  return body.flatMap((statement) => {
    if (statement.kind !== "class") return [];
    return statement.bases.flatMap((base) => {
      const known = frameworkOf(base, packages);
      const sign = `${statement.name} extends an application class`;
      return known === undefined ? [] : [{ framework: known, file, line: statement.line, sign }];
    });
  });
}

function constructorSign(
  expression: Expression,
  packages: ReadonlySet<string>,
  file: string,
): FrameworkSign | undefined {
  if (expression.kind !== "call") return undefined;
  const { callee, line } = expression;
  const framework = frameworkOf(callee, packages);
  if (framework === undefined) return undefined;
  const name = callee.kind === "name" || callee.kind === "attribute" ? callee.name : "";
  return { framework, file, line, sign: `${name}() is called` };
}

/** The framework whose application class an expression names. */
function frameworkOf(expression: Expression, packages: ReadonlySet<string>): Framework | undefined {
  const name = expression.kind === "name" || expression.kind === "attribute" ? expression.name : "";
  const known = Object.hasOwn(CONSTRUCTORS, name) ? CONSTRUCTORS[name] : undefined;
  return known?.packages.some((each) => packages.has(each)) ? known.framework : undefined;
}

/** Packages of Node's frameworks, in the order in which they decide. */
const PACKAGES: readonly (readonly [name: string, framework: Framework])[] = [
  ["express", "express"],
  ["@nestjs/platform-express", "express"],
  ["@nestjs/platform-fastify", "fastify"],
  ["koa", "koa"],
  ["fastify", "fastify"],
  ["next", "nextjs"],
];

const NODE_NEEDLE = /["'](?:express|koa|fastify|@nestjs\/core)["']/;

async function scriptSigns(file: string, sources: SourceFiles): Promise<readonly FrameworkSign[]> {
  const text = await sources.text(file);
  if (text === undefined) return [];
  if (baseName(file) !== "package.json") {
    if (!NODE_NEEDLE.test(text)) return [];
    // The JavaScript parser is large and most deployments have no such file: loaded with the first.
    const { findNodeApplication } = await import("../parsers/javascript/node-application.ts");
    const sign = findNodeApplication(text);
    return sign === undefined ? [] : [{ file, ...sign }];
  }
  return PACKAGES.filter(([name]) => hasDependency(text, name)).map(([name, framework]) => ({
    framework,
    file,
    line: lineOf(text, new RegExp(`"${name}"\\s*:`)),
    sign: `${name} is a dependency`,
  }));
}

/** Only `dependencies`: a development server's own Express does not serve anybody. */
function hasDependency(text: string, name: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || !("dependencies" in json)) return false;
    const { dependencies } = json;
    return typeof dependencies === "object" && dependencies !== null && name in dependencies;
  } catch {
    // A manifest that is no JSON names nothing.
    return false;
  }
}

function lineOf(text: string, pattern: RegExp): number {
  const at = text.search(pattern);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}
