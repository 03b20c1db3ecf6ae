import type {
  HttpPage,
  PageForm,
  PageHandler,
  PageLink,
  PageMedia,
  PagePosition,
} from "../../core/http-page.ts";
import type { InlineNeed, LoadNeed, PageNeeds } from "../../parsers/csp/page-needs.ts";
import type { CspRequestKind } from "../../parsers/csp/request.ts";
import type { CspPage } from "./csp-pages.ts";
import { hasRel, isExecuted, resolveOn } from "./page-urls.ts";

/**
 * What a fetched page loads and runs, as its markup says. `again` is the same page's second fetch: inline code that
 * is not in it as well changes from answer to answer, so that no hash can hold.
 */
export function needsOf(fetched: CspPage, again?: CspPage): PageNeeds {
  const { exchange, page } = fetched;
  const later = again === undefined ? undefined : new Set(inlineNeeds(again.page).map(hashOf));
  const inline = inlineNeeds(page).map((need) =>
    later === undefined || later.has(hashOf(need)) ? need : { ...need, isStable: false },
  );
  return { url: exchange.url, inline, loads: loadNeeds(fetched) };
}

function hashOf({ hashes }: InlineNeed): string {
  return hashes[0];
}

/** Elements first, then attributes; in the page's order. */
export function inlineNeeds(page: HttpPage): readonly InlineNeed[] {
  const scripts = page.scripts.flatMap((script): readonly InlineNeed[] => {
    const { inline, nonce, at } = script;
    if (inline === undefined || inline.length === 0 || !isExecuted(script)) return [];
    return [{ kind: "script", ...inlineFields(inline.sha256, nonce, place(at, "<script>")) }];
  });
  const styles = page.styles
    .filter(({ length }) => length > 0)
    .map(({ sha256, nonce, at }): InlineNeed => {
      return { kind: "style", ...inlineFields(sha256, nonce, place(at, "<style>")) };
    });
  return [
    ...scripts,
    ...styles,
    ...page.handlers.map((handler) => attributeNeed(handler, codeKind(handler))),
    ...page.styleAttributes.map((handler) => attributeNeed(handler, "style-attribute")),
  ];
}

function inlineFields(
  sha256: string,
  nonce: string | undefined,
  where: string,
): Omit<InlineNeed, "kind"> {
  const hashes = [`sha256-${sha256}`] as const;
  return { hashes, where, ...(nonce !== undefined && nonce !== "" && { nonce }) };
}

/** An `on…` attribute, else a `javascript:` URL. */
function codeKind({ attribute }: PageHandler): InlineNeed["kind"] {
  return attribute.startsWith("on") ? "script-attribute" : "navigation";
}

function attributeNeed(
  { element, attribute, sha256, at }: PageHandler,
  kind: InlineNeed["kind"],
): InlineNeed {
  const what = kind === "navigation" ? `${attribute}="javascript:…"` : attribute;
  return { kind, hashes: [`sha256-${sha256}`], where: place(at, `<${element} ${what}>`) };
}

function place({ line, column }: PagePosition, what: string): string {
  return `line ${line}, column ${column}, ${what}`;
}

function loadNeeds(fetched: CspPage): readonly LoadNeed[] {
  const { exchange, page } = fetched;
  const load = (
    kind: CspRequestKind | undefined,
    written: string | undefined,
    where: string,
    more: Pick<LoadNeed, "nonce" | "integrity"> = {},
  ): readonly LoadNeed[] => {
    const url = written === undefined ? undefined : resolveOn(exchange, page, written);
    if (kind === undefined || url === undefined || !isLoaded(url)) return [];
    return [{ kind, url: url.href, where, ...more }];
  };
  return [
    ...page.scripts
      .filter(isExecuted)
      .flatMap((script) =>
        load("script", script.src ?? script.svgHref, place(script.at, "<script>"), given(script)),
      ),
    ...page.links.flatMap((link) =>
      load(linkKind(link), link.href, place(link.at, `<link rel="${link.rel}">`), given(link)),
    ),
    ...page.media.flatMap((media) =>
      load(mediaKind(media), media.src, place(media.at, `<${media.element}>`)),
    ),
    ...page.forms.flatMap((form) => load("form-action", actionOf(form), place(form.at, "<form>"))),
    ...baseNeed(fetched),
  ];
}

/** `about:` and `javascript:` load nothing. */
function isLoaded({ protocol }: URL): boolean {
  return /^(?:https?|wss?|data|blob):$/.test(protocol);
}

function given({ nonce, integrity }: Pick<LoadNeed, "nonce" | "integrity">) {
  return {
    ...(nonce !== undefined && nonce !== "" && { nonce }),
    ...(integrity !== undefined && { integrity }),
  };
}

const RELS: readonly (readonly [rel: string, kind: CspRequestKind])[] = [
  ["stylesheet", "style"],
  ["icon", "image"],
  ["apple-touch-icon", "image"],
  ["manifest", "manifest"],
  ["modulepreload", "script"],
];
/** Destinations of `preload` (HTML section 4.6.7.18). */
const DESTINATIONS: Readonly<Record<string, CspRequestKind>> = {
  script: "script",
  style: "style",
  image: "image",
  font: "font",
  fetch: "connect",
  track: "media",
};

function linkKind(link: PageLink): CspRequestKind | undefined {
  const known = RELS.find(([rel]) => hasRel(link, rel))?.[1];
  if (known !== undefined || !hasRel(link, "preload")) return known;
  const destination = link.as?.toLowerCase() ?? "";
  return Object.hasOwn(DESTINATIONS, destination) ? DESTINATIONS[destination] : undefined;
}

const ELEMENTS: Readonly<Record<string, CspRequestKind>> = {
  img: "image",
  input: "image",
  iframe: "frame",
  frame: "frame",
  audio: "media",
  video: "media",
  source: "media",
  track: "media",
  embed: "object",
  object: "object",
};

function mediaKind({ element, src }: PageMedia): CspRequestKind | undefined {
  return src.trim() === "" ? undefined : ELEMENTS[element];
}

/** An empty action stands for the page itself, whatever its base. */
function actionOf({ action = "", method }: PageForm): string | undefined {
  return action.trim() === "" || method === "dialog" ? undefined : action;
}

function baseNeed({ exchange, page }: CspPage): readonly LoadNeed[] {
  const url = page.base === undefined ? null : URL.parse(page.base, exchange.url);
  return url === null ? [] : [{ kind: "base-uri", url: url.href, where: "<base>" }];
}
