import type { CaddyDirective } from "../../parsers/caddyfile/parse.ts";
import { caddyUpstreams } from "../proxy-caddy.ts";
import type { Setting, SiteAction } from "../proxy-site.ts";
import { setTo, UNSET } from "../proxy-tls.ts";
import { resolveFrom } from "../target-path.ts";
import { wordsOf } from "./caddy-matcher.ts";
import { redirectTo } from "./redirect-to.ts";

/** Directives after which Caddy looks no further (Caddy 2.10 documentation, "Directives"). */
const LEAVES = new Set([
  "abort",
  "acme_server",
  "error",
  "file_server",
  "metrics",
  "php_fastcgi",
  "redir",
  "respond",
  "reverse_proxy",
]);

export function isLeaf({ name }: CaddyDirective): boolean {
  return LEAVES.has(name);
}

/** `redir`'s words for its code; `html` answers 200 with a page that moves on. */
const REDIRECT_WORDS: Readonly<Record<string, number>> = {
  permanent: 301,
  temporary: 302,
  html: 200,
};
const REDIRECT_DEFAULT = 302;
const ERROR_DEFAULT = 500;

/** What a leaf does. `root`: of the site, as `root` set it. */
export function actionOf(
  directive: CaddyDirective,
  root: string | undefined,
  directory: string,
): SiteAction {
  const words = wordsOf(directive).map(({ text }) => text);
  switch (directive.name) {
    case "redir":
      return redirect(words);
    case "respond":
      return { kind: "answer", status: respondStatus(directive, words) };
    case "error":
      return { kind: "answer", status: statusIn(words) ?? ERROR_DEFAULT };
    case "abort":
      return { kind: "answer", status: 0 };
    case "metrics":
      return { kind: "own-page", page: "metrics" };
    case "file_server":
      return files(directive, words, root, directory);
    case "reverse_proxy":
    case "php_fastcgi":
      return { kind: "pass", upstreams: caddyUpstreams(directive) };
    default:
      return { kind: "unknown", why: directive.name };
  }
}

function redirect([location = "", code = ""]: readonly string[]): SiteAction {
  const status = Object.hasOwn(REDIRECT_WORDS, code) ? REDIRECT_WORDS[code] : undefined;
  const number = /^\d{3}$/.test(code) ? Number(code) : REDIRECT_DEFAULT;
  return redirectTo(location, status ?? number);
}

/** `respond 404`, `respond "text" 404`, `respond text`. */
function respondStatus(directive: CaddyDirective, words: readonly string[]): number {
  const inBlock = directive.block?.find(({ name }) => name === "status")?.args[0]?.text;
  const [first = "", second] = words;
  const written = second ?? inBlock ?? (/^\d{3}$/.test(first) ? first : "200");
  return /^\d{3}$/.test(written) ? Number(written) : 200;
}

function statusIn(words: readonly string[]): number | undefined {
  const found = words.find((word) => /^[1-5]\d\d$/.test(word));
  return found === undefined ? undefined : Number(found);
}

function files(
  { block = [] }: CaddyDirective,
  words: readonly string[],
  root: string | undefined,
  directory: string,
): SiteAction {
  const own = block.findLast(({ name }) => name === "root")?.args[0]?.text;
  const hides = block
    .filter(({ name }) => name === "hide")
    .flatMap(({ args }) => args.map(({ text }) => text));
  return {
    kind: "files",
    root: resolveFrom(directory, own ?? root ?? "."),
    listsDirectories: words.includes("browse") || block.some(({ name }) => name === "browse"),
    hides,
  };
}

/** `transport http { tls_insecure_skip_verify }`; Caddy checks certificates by itself. */
export function upstreamVerified({ block = [] }: CaddyDirective): Setting<boolean> {
  const skip = block
    .filter(({ name }) => name === "transport")
    .flatMap((transport) => transport.block ?? [])
    .find(({ name }) => name === "tls_insecure_skip_verify");
  return skip === undefined ? UNSET : setTo(false, skip.name, skip);
}
