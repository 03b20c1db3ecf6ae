import { remembered } from "../../core/remembered.ts";
import { type BlockPath, outerPath, ownDirectives } from "../../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective } from "../../parsers/nginx/parse.ts";
import { type HeaderSetting, headersAt } from "./response-headers.ts";
import { insertAfterEdit, insertInEdit, type NginxHit } from "./rule.ts";
import { OVER_TLS, textValues } from "./text-values.ts";

/** Fields of outer blocks that do not reach a place, because a block on the way has an `add_header` of its own. */
export interface Loss {
  readonly settings: readonly HeaderSetting[];
  /** The block that loses them: the place's own or one around it. */
  readonly block: NginxDirective;
  /** The first directive in it that makes it so. */
  readonly cause: NginxDirective;
}

const NO_LOSSES: readonly Loss[] = [];

/** What is lost of these fields (lower case) on the way to a place, by the outermost block that loses it. */
export function lossesAt(path: BlockPath, fields: ReadonlySet<string>): readonly Loss[] {
  // Most places have nothing of their own that could lose anything.
  if (path.every((block, at) => at < 2 || ownCause(block) === undefined)) return NO_LOSSES;
  const inForce = new Set(headersAt(path).settings.map(({ field }) => field));
  const losses = new Map<NginxDirective, HeaderSetting[]>();
  for (let depth = path.length; depth > 2; depth -= 1) {
    const block = path[depth - 1];
    const outer = headersAt(outerPath(path, depth - 1)).settings;
    const inner = new Set(headersAt(outerPath(path, depth)).settings.map(({ field }) => field));
    for (const setting of outer) {
      const { field } = setting;
      if (block === undefined || !fields.has(field) || inForce.has(field) || inner.has(field)) {
        continue;
      }
      if (!isSent(setting, outerPath(path, depth - 1))) continue;
      losses.set(block, [...(losses.get(block) ?? []), setting]);
    }
  }
  return [...losses].flatMap(([block, settings]) => {
    const cause = ownCause(block);
    return cause === undefined ? [] : [{ settings, block, cause }];
  });
}

const ownCause = remembered(
  (block: NginxDirective): NginxDirective | undefined =>
    ownDirectives([block], "add_header", "add_header_inherit")[0],
);

/** False where its variables are empty over TLS, so that nginx sends no such field. */
export function isSent({ value }: HeaderSetting, path: BlockPath): boolean {
  return textValues(value, path, OVER_TLS)?.every((one) => one === "") !== true;
}

/** How to get back what a block loses, and the change that does it. */
export function restored({ settings, cause }: Loss): Pick<NginxHit, "fix" | "edits"> {
  const lines = [...new Set(settings.map(({ at }) => directiveText(at)))];
  return {
    fix: `Repeat in this block: ${lines.join(" ")} (or put them into a file that every block with an add_header of its own includes; from nginx 1.29.3 on: add_header_inherit merge;)`,
    edits:
      cause.name === "add_header_inherit"
        ? [
            {
              file: cause.file,
              line: cause.line,
              column: cause.column,
              action: "replace",
              text: "",
            },
          ]
        : insertAfterEdit(cause, lines.join("\n")),
  };
}

/** How a block is called in a message: `location /app/`, `if ($request_method = OPTIONS)`. */
export function blockName(block: NginxDirective): string {
  return directiveText(block).replace(/ \{$/, "");
}

/**
 * The change that adds `add_header` lines to places of a server without taking from them what they inherit: behind
 * the directives each place has its list from, or into the server where there are none. `missing` tells the lines
 * a place lacks.
 */
export function addedTo(
  server: NginxDirective,
  paths: readonly BlockPath[],
  missing: (path: BlockPath) => readonly string[],
): Pick<NginxHit, "edits"> {
  const additions = new Map<NginxDirective, string>();
  for (const path of paths) {
    const lines = missing(path);
    const origin = path.findLast((block) => ownDirectives([block], "add_header").length > 0);
    const at = origin === undefined ? server : ownDirectives([origin], "add_header").at(-1);
    if (at !== undefined && lines.length > 0) additions.set(at, lines.join("\n"));
  }
  const [first, ...others] = [...additions].flatMap(([at, text]) =>
    at === server ? insertInEdit(at, text) : insertAfterEdit(at, text),
  );
  return first === undefined ? {} : { edits: [first, ...others] };
}
