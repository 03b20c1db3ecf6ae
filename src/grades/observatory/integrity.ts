import type { PageScript } from "../../core/http-page.ts";
import { parseIntegrity } from "../../parsers/http/integrity.ts";
import { type ClientView, isHtmlToBrowsers } from "./client.ts";
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

export function judgeIntegrity({ site, judged }: ClientView): Verdict<"subresource-integrity"> {
  if (judged === undefined) {
    return { result: "sri-not-implemented-but-no-scripts-loaded", quirks: [] };
  }
  const { answer, scheme, hops } = judged;
  const type = (answer.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
  if (type !== "" && !HTML_TYPES.has(type)) {
    const quirks = quirksWhere({ "type-spelling": isHtmlToBrowsers(type) });
    return { result: "sri-not-implemented-response-not-html", quirks };
  }
  if (answer.isJsonValue) {
    return { result: "html-not-parseable", quirks: quirksWhere({ "json-page": true }) };
  }
  const scripts = answer.page?.scripts ?? [];
  const ownDomain = site.domains[new URL(site.url).hostname]?.icann;
  const page = {
    url: new URL(hops.at(-1)?.url ?? site.url),
    isOwnSite: (src: string) => isSameSite(site.domains[src]?.icann, ownDomain),
  };
  const seen = scripts.flatMap((script) =>
    script.src === undefined || script.src === "" ? [] : [lookAt(script, script.src, page)],
  );
  const hasForeignLink = (answer.page?.links ?? []).some(
    ({ rel, href, integrity }) =>
      rel.includes("stylesheet") && /^(?:https?:)?\/\//i.test(href) && integrity === undefined,
  );
  const quirks = [
    ...new Set([
      ...seen.flatMap((each) => each.quirks),
      ...quirksWhere({
        "sri-scripts-only": hasForeignLink,
        "sri-svg-script": scripts.some(({ svgHref }) => svgHref !== undefined),
      }),
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

interface PageSeen {
  readonly url: URL;
  readonly isOwnSite: (src: string) => boolean;
}

function lookAt({ integrity = "" }: PageScript, src: string, page: PageSeen): SeenScript {
  const isSchemeless = /^\/\/[^/]/.test(src);
  const isAbsolute = /^https?:\/\//.test(src);
  const isForeign = isSchemeless || (isAbsolute && !page.isOwnSite(src));
  const hasIntegrity = integrity !== "";
  const script = {
    isForeign,
    isRelative: !isSchemeless && !isAbsolute,
    isHttps: isAbsolute && src.startsWith("https:"),
    hasIntegrity,
  };
  return { ...script, quirks: scriptQuirks(script, { src, integrity }, page) };
}

function scriptQuirks(
  { isForeign, isRelative, isHttps, hasIntegrity }: Omit<SeenScript, "quirks">,
  { src, integrity }: { readonly src: string; readonly integrity: string },
  { url }: PageSeen,
): readonly Quirk[] {
  const resolved = URL.parse(src, url.href);
  const isOwnAddress = !isForeign && !isRelative;
  const isOtherHost = resolved !== null && resolved.host !== url.host;
  return quirksWhere({
    "sri-same-site-http": isOwnAddress && !isHttps && url.protocol === "https:",
    "sri-same-site-host": isOwnAddress && isOtherHost && !hasIntegrity,
    "sri-protocol-relative": isForeign && /^\/\//.test(src),
    "sri-odd-address": isRelative && isOtherHost && /^https?:$/.test(resolved.protocol),
    "sri-no-url": !isRelative && URL.parse(src) === null && resolved === null,
    "sri-bogus-integrity": hasIntegrity && parseIntegrity(integrity).strongest.length === 0,
  });
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
