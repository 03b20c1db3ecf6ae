import { type ApacheNode, isNamed } from "../../parsers/apache.ts";
import { excerptOf } from "../proxy-extract.ts";
import type { Restriction } from "../proxy-site.ts";
import type { PathPattern } from "./request-matcher.ts";

/** Directives as a request meets them: of the main server, then of the virtual host. */
export interface ApacheScope {
  readonly main: readonly ApacheNode[];
  /** Of the virtual host; empty for the main server itself. */
  readonly own: readonly ApacheNode[];
  readonly serverRoot: string;
}

/** One `<Location>`, `<Directory>`, `<Files>` or `<Proxy>`. */
export interface ApacheSection {
  readonly kind: "directory" | "files" | "location" | "proxy";
  /** A path, or a regular expression where `isRegex`. */
  readonly text: string;
  readonly isRegex: boolean;
  readonly node: ApacheNode;
  readonly children: readonly ApacheNode[];
}

const KINDS: ReadonlyMap<string, ApacheSection["kind"]> = new Map([
  ["directory", "directory"],
  ["directorymatch", "directory"],
  ["files", "files"],
  ["filesmatch", "files"],
  ["location", "location"],
  ["locationmatch", "location"],
  ["proxy", "proxy"],
  ["proxymatch", "proxy"],
]);

/** Order in which httpd merges sections: later ones win (documentation, "How the sections are merged"). */
const ORDER = ["directory", "files", "location"] as const;

/** Sections of the main server and of the virtual host, in the order in which they are merged. */
export function sectionsOf({ main, own }: ApacheScope): readonly ApacheSection[] {
  const all = [...main, ...own].flatMap(sectionOf);
  const merged = ORDER.flatMap((kind) => {
    const found = all.filter((section) => section.kind === kind);
    if (kind !== "directory") return found;
    // Shorter paths first, then patterns.
    const paths = found.filter(({ isRegex }) => !isRegex);
    return [
      ...paths.toSorted((a, b) => a.text.length - b.text.length),
      ...found.filter(({ isRegex }) => isRegex),
    ];
  });
  return [...merged, ...all.filter(({ kind }) => kind === "proxy")];
}

function sectionOf(node: ApacheNode): readonly ApacheSection[] {
  const name = node.name.toLowerCase();
  const kind = KINDS.get(name);
  if (kind === undefined || node.children === undefined) return [];
  const [first = "", second = ""] = node.args.map(({ text }) => text);
  const isTilde = first === "~";
  const text = isTilde ? second : first;
  const isRegex = isTilde || name.endsWith("match");
  // Files may stand within a directory.
  const inner = node.children.flatMap(sectionOf).filter((section) => section.kind === "files");
  return [{ kind, text, isRegex, node, children: node.children }, ...inner];
}

/** Whether a `<Location>` is for this path and everything below it. */
export function locationCovers({ text, isRegex }: ApacheSection, path: string): boolean {
  if (isRegex) return false;
  if (text === "/" || text === "*") return true;
  const bare = text.replace(/\/+$/, "");
  return (
    path === bare || path.startsWith(`${bare}/`) || (text.endsWith("/") && path.startsWith(text))
  );
}

/** The path of a section as routes name it. */
export function sectionPattern({ text, isRegex }: ApacheSection): PathPattern {
  if (isRegex) return { kind: "regex", text };
  return /[*?[]/.test(text) ? { kind: "other", text } : { kind: "prefix", text };
}

/** The last directive of a name in the nearest of several lists. */
export function lastOf(
  lists: readonly (readonly ApacheNode[])[],
  name: string,
): ApacheNode | undefined {
  for (const nodes of lists) {
    const found = nodes.findLast((node) => isNamed(node, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

export function wordsOfNode({ args }: ApacheNode): readonly string[] {
  return args.map(({ text }) => text);
}

/** The directive without its children, short; values of request headers and passwords are left out. */
export function apacheText(node: ApacheNode): string {
  const words = wordsOfNode(node);
  const isSecret = /^(?:RequestHeader|SetEnv|AuthLDAPBindPassword|SSLPassPhraseDialog)$/i.test(
    node.name,
  );
  return excerptOf([node.name, ...(isSecret ? words.slice(0, 2) : words)]);
}

/** Who may come: `denied` nobody, `open` everybody, else those who meet a restriction. */
export type Access =
  | { readonly kind: "denied" | "open"; readonly node: ApacheNode }
  | { readonly kind: "restricted"; readonly restrictions: readonly Restriction[] };

const REQUIRE_KINDS: ReadonlyMap<string, Restriction["kind"]> = new Map([
  ["ip", "address"],
  ["forward-dns", "address"],
  ["host", "address"],
  ["local", "address"],
  ["valid-user", "password"],
  ["user", "password"],
  ["group", "password"],
  ["ssl-verify-client", "client-certificate"],
]);

/** What the `Require` lines of one section come to; `undefined`: it says nothing of access. */
export function accessOf(children: readonly ApacheNode[]): Access | undefined {
  const all = children.filter(
    ({ name, children: inner }) => inner !== undefined && /^Require(?:Any|All|None)$/i.test(name),
  );
  const lines = [
    ...children.filter((node) => isNamed(node, "Require")),
    ...all.filter((node) => !isNamed(node, "RequireNone")).flatMap((node) => node.children ?? []),
  ].filter((node) => isNamed(node, "Require"));
  const said = lines.map((node) => ({ node, words: wordsOfNode(node) }));
  const grants = (word: string) =>
    said.find(({ words }) => words[0]?.toLowerCase() === "all" && words[1]?.toLowerCase() === word);
  const isAll = all.some((node) => isNamed(node, "RequireAll"));
  const granted = grants("granted");
  const denied = grants("denied");
  const restrictions = said
    .filter(({ words }) => words[0]?.toLowerCase() !== "all" && words[0]?.toLowerCase() !== "not")
    .map(({ node, words }): Restriction => {
      const kind = REQUIRE_KINDS.get(words[0]?.toLowerCase() ?? "") ?? "other";
      return { kind, text: apacheText(node), file: node.file, line: node.line };
    });
  if (granted !== undefined && (!isAll || restrictions.length === 0))
    return { kind: "open", node: granted.node };
  if (restrictions.length > 0) return { kind: "restricted", restrictions };
  if (denied !== undefined) return { kind: "denied", node: denied.node };
  return legacyAccess(children);
}

/** `Order`, `Allow from` and `Deny from` of 2.2 (mod_access_compat). */
function legacyAccess(children: readonly ApacheNode[]): Access | undefined {
  const named = (name: string) => children.filter((node) => isNamed(node, name));
  const isAll = (node: ApacheNode) => wordsOfNode(node).some((word) => /^all$/i.test(word));
  const allows = named("Allow");
  const denied = named("Deny").find(isAll);
  const at = denied ?? allows[0];
  if (at === undefined) return undefined;
  const order = named("Order").at(-1)?.args[0]?.text.toLowerCase();
  // "Order deny,allow" lets Allow have the last word, "allow,deny" gives it to Deny.
  const isOpen = allows.some(isAll) && (denied === undefined || order !== "allow,deny");
  if (isOpen) return { kind: "open", node: at };
  if (allows.length === 0 || (denied !== undefined && order === "allow,deny"))
    return { kind: "denied", node: at };
  const restrictions = allows.map(
    (node): Restriction => ({
      kind: "address",
      text: apacheText(node),
      file: node.file,
      line: node.line,
    }),
  );
  return { kind: "restricted", restrictions };
}
