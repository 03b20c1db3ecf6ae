import { isDevelopmentFile } from "../source-files.ts";
import { baseName } from "../target-path.ts";

/** What kind of deployment file a path is by its name. */
export type DeployFileKind =
  | "compose"
  | "dockerfile"
  | "unit"
  | "uwsgi"
  | "supervisor"
  | "procfile"
  | "environment"
  | "nginx"
  | "nginx-unit"
  | "shell"
  | "gunicorn"
  | "loader";

const COMPOSE =
  /^(?:[\w-]+[.-])?(?:docker[-_])?compose(?:[._-][\w.-]+)?\.ya?ml(?:\.(?:example|sample|template|dist|tmpl|j2))?$/i;
const DOCKERFILE = /^(?:dockerfile|containerfile)(?:[._-][\w.-]+)?$|\.(?:docker|container)file$/i;
const NO_DOCKERFILE = /\.(?:ya?ml|dockerignore|md|sh|py|js|json|txt|lock)$/i;
const UNIT = /\.service(?:\.(?:example|sample|template|dist|in|j2))?$/;
const DROP_IN = /\.service\.d\/[^/]+\.conf$/;
const ENVIRONMENT =
  /^\.?env(?:[._-][\w.-]+)?$|^\.flaskenv$|^[\w-]+\.env(?:\.(?:example|sample|template|dist))?$/i;
const NO_ENVIRONMENT = /\.(?:py|[cm]?[jt]sx?|sh|ya?ml|json|md|d\.ts|toml|rb|php|go|mako|html?)$/i;
/** Kept out of rows: other people's code and continuous integration's own workflows. */
const FOREIGN = /(?:^|\/)(?:node_modules|vendor|site-packages|\.github|\.gitlab)\//;

type Rule = (name: string, path: string) => boolean;

/** The first that holds decides. */
const RULES: readonly (readonly [DeployFileKind, Rule])[] = [
  ["compose", (name) => COMPOSE.test(name)],
  ["dockerfile", (name) => DOCKERFILE.test(name) && !NO_DOCKERFILE.test(name)],
  ["unit", (name, path) => UNIT.test(name) || DROP_IN.test(path)],
  ["uwsgi", (name) => /uwsgi[\w.-]*\.ini(?:\.\w+)?$/i.test(name)],
  ["supervisor", (name, path) => SUPERVISOR.test(name) || isSupervisorPart(path)],
  ["procfile", (name) => /^Procfile(?:\.[\w-]+)?$/.test(name)],
  ["environment", (name) => ENVIRONMENT.test(name) && !NO_ENVIRONMENT.test(name)],
  ["gunicorn", (name) => /^gunicorn[\w.-]*\.py$/.test(name)],
  ["nginx", (name) => NGINX.test(name)],
  ["nginx-unit", (name) => /(?:^|[._-])unit(?:[._-][\w-]+)*\.json$/i.test(name)],
  ["shell", (name, path) => SHELL.test(name) || SERVICE_RUN.test(path)],
  ["loader", (name) => LOADER.test(name)],
];
/** Where Python and Node applications load their env file. */
const LOADER =
  /^(?:env|environment|settings|config|conf|base|manage|wsgi|asgi|main|app|server|index)\.(?:py|[cm]?[jt]s)$/;
const SHELL = /\.sh$|^(?:docker-)?entrypoint$/;
/** Services of s6 and runit. */
const SERVICE_RUN = /(?:^|\/)(?:s6-rc\.d|services\.d|service|sv)\/[^/]+\/run$/;
const SUPERVISOR = /^supervisord?(?:[._-][\w-]+)*\.(?:conf|ini)$/i;
const NGINX = /\.conf(?:\.[\w-]+)?$|nginx[\w.-]*\.(?:template|tmpl|j2)$/i;

/** `undefined` for every other file. */
export function deployFileKind(path: string): DeployFileKind | undefined {
  if (FOREIGN.test(path)) return undefined;
  const name = baseName(path);
  return RULES.find(([, rule]) => rule(name, path))?.[0];
}

function isSupervisorPart(path: string): boolean {
  return /(?:^|\/)supervisord?(?:\.d|\/conf\.d)?\/[^/]+\.(?:conf|ini)$/i.test(path);
}

/** A file that its name, or the folder's, calls an example, a template or a development aid. */
export function isDevelopmentDeployFile(path: string): boolean {
  return (
    // `Dockerfile.dev` has no extension: its last word is its name's.
    isDevelopmentFile(path.replace(/((?:docker|container)file)\.(?=[\w-]+$)/i, "$1-")) ||
    /\.(?:example|sample|template|dist|tmpl|j2)$/i.test(path) ||
    /(?:^|[._-])(?:e2e|cypress|playwright|integration)(?:[._-]|$)/i.test(baseName(path)) ||
    /(?:^|\/)(?:\.?ci|\.?devcontainer|dev|local|examples?|samples?|demo|e2e|cypress|tests?|[\w-]*test[\w-]*)\//i.test(
      path,
    )
  );
}

/** The comment line at a file's head that says it is for development; `undefined` for none. */
export function developmentHeader(text: string): number | undefined {
  const lines = text.split(/\r?\n/, HEADER_LINES_MAX);
  const end = lines.findIndex((line) => !/^\s*(?:#|---|$)/.test(line));
  const head = lines.slice(0, end < 0 ? lines.length : end);
  const at = head.map((line) => line.replaceAll(/[*_`]/g, "")).findIndex(saysDevelopment);
  return at < 0 ? undefined : at + 1;
}

const HEADER_LINES_MAX = 40;
const NOT_PRODUCTION =
  /\bnot\s+(?:be\s+)?(?:\w+\s+){0,2}(?:for|in)\s+(?:\w+\s+)?production\b|\bnon-?production\b/i;
const FOR_DEVELOPMENT =
  /\b(?:for|in)\b.{0,24}\b(?:local|development|dev|testing)\b|\b(?:development|local dev|dev|testing)\b.{0,12}\b(?:only|setup|environment|stack|use)\b/i;

/** A line that names production beside development says that it serves both. */
function saysDevelopment(line: string): boolean {
  if (NOT_PRODUCTION.test(line)) return true;
  return FOR_DEVELOPMENT.test(line) && !/\bprod(?:uction)?\b/i.test(line);
}
