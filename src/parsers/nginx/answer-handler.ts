import type { BlockPath } from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";
import { PASS_DIRECTIVES } from "./upstream.ts";

/** Directives that make the content of a location; a later one replaces an earlier. */
const HANDLERS: ReadonlySet<string> = new Set([
  ...PASS_DIRECTIVES,
  "stub_status",
  "empty_gif",
  "flv",
  "mp4",
  "perl",
  "js_content",
  "content_by_lua",
  "content_by_lua_block",
  "content_by_lua_file",
  "echo",
  "hls",
  "api",
  "status",
  "upload_pass",
  "push_stream_publisher",
  "push_stream_subscriber",
  "rtmp_stat",
  "vhost_traffic_status_display",
  "check_status",
  "passenger_enabled",
]);

/** The directive of a block itself that makes its content (`content_handler`). */
export function contentHandler({ block }: NginxDirective): NginxDirective | undefined {
  return block?.findLast(({ name }) => HANDLERS.has(name));
}

/** Where a handler takes its values from: an `if` or `limit_except` without its own has the location's. */
export function passDirective(path: BlockPath, name: string): NginxDirective | undefined {
  const location = path.findLastIndex((block) => block.name === "location");
  return path
    .slice(Math.max(location, 0))
    .map(({ block }) => block?.findLast((directive) => directive.name === name))
    .findLast((directive) => directive !== undefined);
}

/** Scripts that run before the content is made; what they do is theirs. */
const SCRIPTS =
  /^(?:(?:server_rewrite|rewrite|access|header_filter|body_filter|content|balancer|precontent)_by_lua(?:_block|_file)?|js_(?:access|header_filter|body_filter)|perl|modsecurity|ModSecurityEnabled|pagespeed|lua_.*_by_.*)$/;

/** The scripts in force in a block: Lua's phase directives are inherited as scalars are. */
export function scriptsInForce(path: BlockPath): readonly NginxDirective[] {
  const byName = new Map<string, NginxDirective>();
  for (const script of path.flatMap((block) => scriptsOf(block).scripts)) {
    byName.set(script.name.replace(/_(?:block|file)$/, ""), script);
  }
  return [...byName.values()];
}

/** Files that hold types and parameters only: what is not read of them changes no answer. */
const HARMLESS = /(?:^|\/)(?:mime\.types|fastcgi\.conf|(?:fastcgi|uwsgi|scgi|proxy)_params)$/;

/** `include`s in these blocks themselves whose file could not be read. */
export function unreadFiles(path: BlockPath): readonly NginxDirective[] {
  return path.flatMap((block) => scriptsOf(block).unread);
}

interface Unfollowed {
  readonly scripts: readonly NginxDirective[];
  readonly unread: readonly NginxDirective[];
}

const unfollowed = new WeakMap<NginxDirective, Unfollowed>();

function scriptsOf(block: NginxDirective): Unfollowed {
  const known = unfollowed.get(block);
  if (known !== undefined) return known;
  const directives = block.block ?? [];
  const found = {
    scripts: directives.filter(({ name }) => SCRIPTS.test(name)),
    unread: directives.filter(
      ({ name, args }) => name === "include" && !HARMLESS.test(args[0]?.text ?? ""),
    ),
  };
  unfollowed.set(block, found);
  return found;
}
