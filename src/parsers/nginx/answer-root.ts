import type { Run } from "./answer-run.ts";
import { type AnswerText, joinTexts, knownText, mapKnown, openText } from "./answer-text.ts";
import { type BlockPath, ownDirectives } from "./inherit.ts";
import { parseLocation } from "./location.ts";
import type { NginxDirective } from "./parse.ts";

/** Where files come from in a block. */
export interface Root {
  readonly directive: NginxDirective | undefined;
  /** What `alias` takes off the path; `undefined` for `root`; `"all"` in a location with a pattern. */
  readonly cut: string | "all" | undefined;
  /** `try_files` found a file below what such an `alias` names (`add_uri_to_alias`). */
  readonly addsUri: boolean;
}

/** The `root` or `alias` that counts here. */
export function rootInForce({ path, addsUriToAlias }: Pick<Run, "path" | "addsUriToAlias">): Root {
  const own = path.map((block) => ownDirectives([block], "root", "alias").at(-1));
  const at = own.findLastIndex((directive) => directive !== undefined);
  const directive = own[at];
  if (directive?.name !== "alias") return { directive, cut: undefined, addsUri: false };
  const cut = cutOf(path.slice(0, at + 1));
  return { directive, cut, addsUri: addsUriToAlias };
}

function cutOf(path: BlockPath): string {
  const block = path.findLast(({ name }) => name === "location");
  const location = block === undefined ? undefined : parseLocation(block);
  const isPattern = location?.kind === "regex" || location?.kind === "regex-caseless";
  return isPattern ? "all" : (location?.value ?? "");
}

/**
 * `alias` cannot be used once the path was rewritten, nor while a location for the new one is still to be found
 * (a `rewrite` that redirects, a `return` behind one): nginx answers 500, and `$request_filename` is empty.
 */
export function isLost(
  { isLocationValid, isUriChanged }: Pick<Run, "isLocationValid" | "isUriChanged">,
  { cut }: Root,
): boolean {
  return cut !== undefined && (!isLocationValid || isUriChanged);
}

/** The path on disk of a path of the request (`ngx_http_map_uri_to_path`). */
export function diskPath(
  run: Run,
  { directive, cut, addsUri }: Root,
  uri: AnswerText,
  resolve: (run: Run, text: string) => AnswerText,
): AnswerText {
  const written = directive?.args[0]?.text ?? "html";
  const root = /^[/$]/.test(written)
    ? resolve(run, written)
    : joinTexts([
        openText("prefix", "the folder nginx starts from is not known"),
        knownText(`/${written}`),
      ]);
  if (cut === undefined || (cut === "all" && addsUri)) return joinTexts([root, uri]);
  if (cut === "all") return root;
  const rest = mapKnown(uri, (text) => (text.startsWith(cut) ? text.slice(cut.length) : text));
  return joinTexts([root, rest]);
}
