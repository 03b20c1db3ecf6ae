import type { PageScript } from "../../core/http-page.ts";
import type { ClientView } from "./client.ts";
import type { Quirk } from "./quirks.ts";
import type { ObservatoryCodes } from "./results.ts";
import { quirksWhere, type Verdict } from "./verdict.ts";

type SriCode = ObservatoryCodes["subresource-integrity"];

/** From good to bad, in the order the method has them; a worse finding replaces a better one. */
const RANKS: readonly SriCode[] = [
  "sri-implemented-and-all-scripts-loaded-securely",
  "sri-implemented-and-external-scripts-loaded-securely",
  "sri-implemented-but-external-scripts-not-loaded-securely",
  "sri-not-implemented-but-external-scripts-loaded-securely",
  "sri-not-implemented-and-external-scripts-not-loaded-securely",
];
const HTML_TYPES: ReadonlySet<string> = new Set(["text/html", "application/xhtml+xml"]);
const KNOWN_HASH = /(?:^|\s)sha(?:256|384|512)-[A-Za-z0-9+/_-]{43,}={0,2}/;

export function judgeIntegrity({ site, judged }: ClientView): Verdict<"subresource-integrity"> {
  if (judged === undefined) {
    return { result: "sri-not-implemented-but-no-scripts-loaded", quirks: [] };
  }
  const { answer, scheme } = judged;
  const type = (answer.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
  if (type !== "" && !HTML_TYPES.has(type)) {
    const isSpelling = HTML_TYPES.has(type.trim().toLowerCase());
    const quirks = quirksWhere({ "type-spelling": isSpelling });
    return { result: "sri-not-implemented-response-not-html", quirks };
  }
  if (answer.isJsonValue) {
    return { result: "html-not-parseable", quirks: quirksWhere({ "json-page": true }) };
  }
  const scripts = answer.page?.scripts ?? [];
  const ownDomain = site.domains[new URL(site.url).hostname]?.icann;
  const seen = scripts.flatMap((script) =>
    script.src === undefined || script.src === ""
      ? []
      : [lookAt(script, script.src, (src) => isSameSite(site.domains[src]?.icann, ownDomain))],
  );
  const hasForeignLink = (answer.page?.links ?? []).some(
    ({ rel, href, integrity }) =>
      rel.includes("stylesheet") && /^(?:https?:)?\/\//i.test(href) && integrity === undefined,
  );
  const quirks = [
    ...new Set([
      ...seen.flatMap((each) => each.quirks),
      ...quirksWhere({ "sri-scripts-only": hasForeignLink }),
    ]),
  ];
  return { result: resultOf(scripts, seen, scheme === "https"), quirks };
}

interface SeenScript {
  readonly isForeign: boolean;
  readonly isRelative: boolean;
  readonly isHttps: boolean;
  readonly hasIntegrity: boolean;
  readonly quirks: readonly Quirk[];
}

function isSameSite(domain: string | null | undefined, own: string | null | undefined): boolean {
  return (domain ?? null) === (own ?? null);
}

function lookAt(
  { integrity = "" }: PageScript,
  src: string,
  isOwnSite: (src: string) => boolean,
): SeenScript {
  const isSchemeless = /^\/\/[^/]/.test(src);
  const isAbsolute = /^https?:\/\//.test(src);
  const isForeign = isSchemeless || (isAbsolute && !isOwnSite(src));
  const hasIntegrity = integrity !== "";
  return {
    isForeign,
    isRelative: !isSchemeless && !isAbsolute,
    isHttps: isAbsolute && src.startsWith("https:"),
    hasIntegrity,
    quirks: quirksWhere({
      "sri-same-site-http": isAbsolute && !isForeign && src.startsWith("http:"),
      "sri-protocol-relative": isSchemeless,
      "sri-odd-address":
        !isSchemeless && !isAbsolute && /^[\s\0-\x1f]*(?:https?:|[\\/]{2})/i.test(src),
      "sri-no-url": isAbsolute && URL.parse(src) === null,
      "sri-bogus-integrity": hasIntegrity && !KNOWN_HASH.test(integrity),
    }),
  };
}

function resultOf(
  scripts: readonly PageScript[],
  seen: readonly SeenScript[],
  isPageHttps: boolean,
): SriCode {
  if (scripts.length === 0) return "sri-not-implemented-but-no-scripts-loaded";
  let result: SriCode | undefined;
  for (const script of seen) result = worse(result, scriptResult(script, isPageHttps));
  if (result !== undefined) return result;
  return seen.some(({ isForeign }) => isForeign)
    ? "sri-implemented-and-external-scripts-loaded-securely"
    : "sri-not-implemented-but-all-scripts-loaded-from-secure-origin";
}

/** The bonus for a script of the own site is the best of the ranks: it replaces nothing that was found before. */
function worse(before: SriCode | undefined, found: SriCode | undefined): SriCode | undefined {
  if (before === undefined || found === undefined) return found ?? before;
  return RANKS.indexOf(found) > RANKS.indexOf(before) ? found : before;
}

function scriptResult(script: SeenScript, isPageHttps: boolean): SriCode | undefined {
  if (script.isForeign) return foreignResult(script);
  const isSecure = script.isHttps || (script.isRelative && isPageHttps);
  return script.hasIntegrity && isSecure
    ? "sri-implemented-and-all-scripts-loaded-securely"
    : undefined;
}

function foreignResult({ hasIntegrity, isHttps }: SeenScript): SriCode | undefined {
  if (hasIntegrity) {
    return isHttps ? undefined : "sri-implemented-but-external-scripts-not-loaded-securely";
  }
  return isHttps
    ? "sri-not-implemented-but-external-scripts-loaded-securely"
    : "sri-not-implemented-and-external-scripts-not-loaded-securely";
}
