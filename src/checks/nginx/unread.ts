import { remembered } from "../../core/remembered.ts";
import { type BlockPath, findDirectives, ownDirectives } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import type { NginxModel } from "./model.ts";

/** Files that come with nginx and hold none of what rules ask for. */
const STOCK =
  /(?:^|\/)(?:mime\.types|fastcgi_params|fastcgi\.conf|scgi_params|uwsgi_params|koi-utf|koi-win|win-utf)$/;

/**
 * Whether a block or one around it includes a file that was not read (the parser then leaves `include` where it
 * stands): nothing that may be in there can be called missing.
 */
export function hasUnread(path: BlockPath): boolean {
  return path.some((block) => ownDirectives([block], "include").some(isUnread));
}

/** The first include of a configuration that was not read. */
export const unreadInclude = remembered(
  ({ main, tree }: NginxModel): NginxDirective | undefined => {
    const [outer] = main;
    if (outer === undefined) return undefined;
    const whole = { ...outer, block: tree.directives };
    const found = findDirectives([whole], "include");
    return found.find(({ directive }) => isUnread(directive))?.directive;
  },
);

/** Whether an `include` that is left over matters. */
export function isUnread({ args }: NginxDirective): boolean {
  return !STOCK.test(args[0]?.text ?? "");
}
