import { type ApacheConfiguration, type ApacheNode, isNamed } from "../../parsers/apache.ts";
import type { ProxyGlobal } from "../proxy-site.ts";
import { apacheSetting } from "./apache.ts";
import { accessOf, apacheText, wordsOfNode } from "./apache-scope.ts";

/** Directives of the main server looked for; absent ones are reported as such. */
const DIRECTIVES = ["ServerTokens", "TraceEnable"] as const;
/** Any number of them, in every scope. */
const EACH = ["RemoteIPTrustedProxy", "RemoteIPInternalProxy", "RemoteIPHeader"] as const;

/** Settings of httpd as a whole. `file`: the main one's name, for what nothing says. */
export function apacheGlobals(
  { nodes }: ApacheConfiguration,
  file: string,
): readonly ProxyGlobal[] {
  const main = nodes.filter((node) => !isNamed(node, "VirtualHost"));
  const everywhere = [
    ...main,
    ...nodes.flatMap(({ name, children = [] }) => (/^VirtualHost$/i.test(name) ? children : [])),
  ];
  const absent = { proxy: "apache", value: undefined, text: "", file, line: 1 } as const;
  // A virtual host alone in a tree comes without the file that would say it.
  const isWhole = main.some((node) => isNamed(node, "Listen") || isNamed(node, "LoadModule"));
  return [
    ...DIRECTIVES.flatMap((name): readonly ProxyGlobal[] => {
      const node = main.findLast((one) => isNamed(one, name));
      if (node !== undefined) return [{ proxy: "apache", ...apacheSetting(name, node) }];
      return isWhole ? [{ ...absent, name }] : [];
    }),
    ...EACH.flatMap((name) =>
      everywhere
        .filter((node) => isNamed(node, name))
        .map((node): ProxyGlobal => ({ proxy: "apache", ...apacheSetting(name, node) })),
    ),
    ...everywhere.filter((node) => isNamed(node, "Directory")).flatMap(directorySettings),
  ];
}

/** What a `<Directory>` says of access and of `.htaccess` files. */
function directorySettings(node: ApacheNode): readonly ProxyGlobal[] {
  const path = wordsOfNode(node)[0] ?? "";
  const children = node.children ?? [];
  const override = children.findLast((one) => isNamed(one, "AllowOverride"));
  const access = accessOf(children);
  const of = (name: string, value: string, at: ApacheNode): ProxyGlobal => ({
    proxy: "apache",
    name,
    value,
    text: `${apacheText(at)} (<Directory ${path}>)`.slice(0, 200),
    file: at.file,
    line: at.line,
  });
  return [
    ...(override === undefined
      ? []
      : [of("directory.AllowOverride", `${path} ${wordsOfNode(override).join(" ")}`, override)]),
    ...(access?.kind === "open" ? [of("directory.granted", path, access.node)] : []),
  ];
}
