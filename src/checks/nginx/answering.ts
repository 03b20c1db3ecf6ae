import {
  type BlockPath,
  effectiveList,
  effectiveScalar,
  ownDirectives,
  pathInto,
} from "../../parsers/nginx/inherit.ts";
import { locationsIn, namedLocation, selectLocation } from "../../parsers/nginx/location.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { PASS_DIRECTIVES } from "../../parsers/nginx/upstream.ts";
import type { NginxModel, NginxPlace } from "./model.ts";

/**
 * What the answers of a place are: of an application or another server, of files, of a text in the configuration,
 * a redirect, a refusal (4xx, 5xx), or none at all (`return 444`).
 */
export type AnswerKind = "passed" | "files" | "text" | "redirect" | "refusal" | "none";

/** A block whose directives decide on an answer: a server's own, a location's, that of an `if` in a location. */
export interface AnsweringPlace {
  readonly server: NginxServer;
  /** Ends in that block. */
  readonly path: BlockPath;
  readonly kind: AnswerKind;
  /** What makes it so: the `return`, the `proxy_pass`; absent for files. */
  readonly by?: NginxDirective;
  /** The request for `/` may end here. */
  readonly isMain: boolean;
}

const places = new WeakMap<NginxModel, readonly AnsweringPlace[]>();

/**
 * The places of all servers where requests end. Locations of a server that answers everything itself
 * (`return` in the server block, which runs before a location is chosen) are not among them; neither is a
 * server's own block where `location /` takes everything.
 */
export function answeringPlaces(model: NginxModel): readonly AnsweringPlace[] {
  const known = places.get(model) ?? makePlaces(model);
  places.set(model, known);
  return known;
}

function makePlaces({ places: all }: NginxModel): readonly AnsweringPlace[] {
  const byServer = Map.groupBy(all, ({ server }) => server);
  return [...byServer].flatMap(([server, own]) => placesOfServer(server, own));
}

function placesOfServer(
  server: NginxServer,
  own: readonly NginxPlace[],
): readonly AnsweringPlace[] {
  const decided = decidedBy(server.path);
  if (decided !== undefined) return [{ server, path: server.path, ...decided, isMain: true }];
  const main = mainBlocks(server);
  const takesAll = locationsIn(server.path).some(
    ({ kind, value }) => value === "/" && (kind === "prefix" || kind === "prefix-no-regex"),
  );
  return own
    .filter(({ location }) => location !== undefined || !takesAll)
    .flatMap(({ path, location }): readonly AnsweringPlace[] => {
      const isMain = main.has(path.at(-1));
      const answer = answerOf(path);
      const ifs = location === undefined ? [] : ownDirectives(path, "if");
      return [
        { server, path, ...answer, isMain },
        ...ifs.flatMap((one) => ifPlace(server, path, one, answer)),
      ];
    });
}

/** An `if` whose block decides the answer, or has fields of its own. */
function ifPlace(
  server: NginxServer,
  path: BlockPath,
  block: NginxDirective,
  otherwise: Pick<AnsweringPlace, "kind" | "by">,
): readonly AnsweringPlace[] {
  if (block.block === undefined) return [];
  const inner = pathInto(path, block);
  const decided = decidedBy(inner);
  const passed = ownPass(inner);
  const answer = decided ?? (passed === undefined ? otherwise : { kind: "passed", by: passed });
  return [{ server, path: inner, ...answer, isMain: false }];
}

/** The blocks a request for `/` may end in: its location, and where `try_files` goes on. */
function mainBlocks(server: NginxServer): ReadonlySet<NginxDirective | undefined> {
  const selected = selectLocation(server, "/");
  const paths =
    selected.state === "bad-request"
      ? []
      : selected.state === "undecidable"
        ? selected.candidates
        : [selected.path];
  const further = paths.flatMap((path): readonly BlockPath[] => {
    const last = ownDirectives(path, "try_files").at(-1)?.args.at(-1)?.text;
    if (last === undefined) return [];
    if (last.startsWith("@")) {
      const named = namedLocation(server, last);
      return named === undefined ? [] : [named];
    }
    const [target = ""] = last.split(/[?$]/);
    const next = target.startsWith("/") ? selectLocation(server, target) : undefined;
    return next !== undefined && "path" in next ? [next.path] : [];
  });
  return new Set([...paths, ...further].map((path) => path.at(-1)));
}

function answerOf(path: BlockPath): Pick<AnsweringPlace, "kind" | "by"> {
  const decided = decidedBy(path);
  if (decided !== undefined) return decided;
  const pass = ownPass(path);
  if (pass !== undefined) return { kind: "passed", by: pass };
  const status = ownDirectives(path, "stub_status", "empty_gif").at(-1);
  if (status !== undefined) return { kind: "text", by: status };
  if (isShutToAll(path)) return { kind: "refusal" };
  return { kind: "files" };
}

function ownPass(path: BlockPath): NginxDirective | undefined {
  return ownDirectives(path, ...PASS_DIRECTIVES).at(-1);
}

/** `deny all` alone, without another way in. */
function isShutToAll(path: BlockPath): boolean {
  const [first] = effectiveList(path, "allow", "deny");
  const isDenied = first?.name === "deny" && first.args[0]?.text === "all";
  return isDenied && effectiveScalar(path, "satisfy")?.args[0]?.text !== "any";
}

/** What a block's own `return` or redirecting `rewrite` answers to every request that gets there. */
function decidedBy(path: BlockPath): Pick<AnsweringPlace, "kind" | "by"> | undefined {
  for (const directive of ownDirectives(path, "return", "rewrite")) {
    const kind = directive.name === "return" ? kindOfReturn(directive) : kindOfRewrite(directive);
    if (kind !== undefined) return { kind, by: directive };
  }
  return undefined;
}

/** `return code`, `return code text`, `return URL` (302). */
function kindOfReturn({ args }: NginxDirective): AnswerKind {
  const [first = "", text] = args.map((word) => word.text);
  if (!/^\d{3}$/.test(first)) return "redirect";
  const code = Number(first);
  if (code === 444) return "none";
  if (code >= 300 && code < 400) return text === undefined ? "text" : "redirect";
  return code >= 400 ? "refusal" : "text";
}

/** Patterns every path fits. */
const EVERYTHING: ReadonlySet<string> = new Set([
  "^",
  ".*",
  "^.*",
  "(.*)",
  "^(.*)",
  "^(.*)$",
  "^.*$",
  "^/",
  "^/(.*)",
  "^/(.*)$",
  "^(/.*)$",
  "/(.*)",
  "(.+)",
  "^(.+)$",
]);

function kindOfRewrite({ args }: NginxDirective): AnswerKind | undefined {
  const [pattern = "", target = "", flag] = args.map((word) => word.text);
  const isRedirect =
    flag === "permanent" || flag === "redirect" || /^(?:https?:\/\/|\$scheme)/.test(target);
  return isRedirect && EVERYTHING.has(pattern) ? "redirect" : undefined;
}
