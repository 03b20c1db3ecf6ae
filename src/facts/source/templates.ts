import type { HttpPage, PageLink, PagePosition, PageScript } from "../../core/http-page.ts";
import { readHtml } from "../../parsers/html.ts";
import { isFilledIn, maskTemplate } from "../../parsers/html-template.ts";
import { isDevelopmentFile } from "../source-files.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";
import { byDepth, isOutsideDeployment } from "../target-path.ts";
import type { SourceContext, SourceReader } from "./reader.ts";
import { isNonceValue, replacedNonces } from "./template-nonces.ts";

/** Templates read of one deployment, shallow ones first. */
export const TEMPLATES_MAX = 500;
/** Rows told of them. */
export const TEMPLATE_ROWS_MAX = 1_000;
/** HTML as it is served, and with places of Jinja, Django, Nunjucks, EJS, Handlebars, Twig and the like. */
const TEMPLATE =
  /\.(?:html?|xhtml|jinja2?|j2|njk|ejs|hbs|handlebars|mustache|twig|liquid|gohtml|phtml|erb)$/i;
/** `app.conf.j2` is no page. */
const OTHER_TEMPLATE = /\.(?!html?\.)\w+\.(?:j2|jinja2?|erb|twig|ejs|mustache)$/i;
/** Mails show in no browser; coverage and story books are of no deployment. */
const NOT_SERVED =
  /(?:^|\/)(?:e?mails?|mailers?|htmlcov|coverage|storybook-static|playwright-report)\/|^tests?_|\/tests?_[^/]*$|(?:^|\/)e?mail[^/]*$/i;
const NEEDLE = /<(?:script|link|style)\b/i;

/** Scripts and styles of templates and pages: those of other origins, and those that stand in the page itself. */
export const templatesReader: SourceReader = {
  frameworks: "any",
  async read(context): Promise<readonly SourceSetting[]> {
    const rows: SourceSetting[] = [];
    for (const file of templatePaths(context)) {
      const text = await context.sources.text(file);
      if (text !== undefined && NEEDLE.test(text))
        rows.push(...rowsOf(file, text, await replacedNonces(context, text)));
      if (rows.length >= TEMPLATE_ROWS_MAX) {
        context.sources.note({ file, detail: "templates from here on were not read" });
        break;
      }
    }
    return rows.slice(0, TEMPLATE_ROWS_MAX);
  },
};

function templatePaths({ tree, sources }: SourceContext): readonly string[] {
  const paths = byDepth(
    tree.files
      .map(({ path }) => path)
      .filter((path) => TEMPLATE.test(path) && !OTHER_TEMPLATE.test(path))
      .filter((path) => !isOutsideDeployment(path) && !NOT_SERVED.test(path))
      .filter((path) => !isDevelopmentFile(path)),
  );
  const [cut] = paths.slice(TEMPLATES_MAX);
  if (cut !== undefined)
    sources.note({ file: cut, detail: "templates from here on were not read" });
  return paths.slice(0, TEMPLATES_MAX);
}

function rowsOf(
  file: string,
  text: string,
  replaced: ReadonlySet<string>,
): readonly SourceSetting[] {
  const masked = maskTemplate(text);
  const page = readHtml(masked, () => "");
  const external = [...page.scripts.flatMap(scriptOf), ...page.links.flatMap(sheetOf)];
  const inline = inlineOf(page, masked.split("\n"), replaced);
  const isDocument = /<html\b/i.test(masked);
  return [
    ...external.map((each) => externalRow(file, each)),
    ...inline.map((each) => inlineRow(file, each)),
    ...(isDocument && external.length === 0 ? [absentRow(file, "sri.external")] : []),
  ];
}

interface External {
  readonly element: "script" | "stylesheet";
  readonly url: string;
  readonly integrity?: string;
  readonly crossorigin?: string;
  readonly at: PagePosition;
}

/** JavaScript MIME types, modules and none at all (HTML section 4.12.1); anything else is a block of data. */
const RUN =
  /^(?:|module|importmap|speculationrules|(?:text|application)\/(?:x-)?(?:java|ecma)script)$/i;

function isRun({ type = "" }: PageScript): boolean {
  return RUN.test(type.trim());
}

function scriptOf(script: PageScript): readonly External[] {
  const { src, at } = script;
  if (src === undefined || !isRun(script) || !isElsewhere(src)) return [];
  return [{ element: "script", url: src.trim(), ...checked(script), at }];
}

function sheetOf(link: PageLink): readonly External[] {
  const isSheet = link.rel.split(/\s+/).includes("stylesheet");
  if (!isSheet || !isElsewhere(link.href)) return [];
  return [{ element: "stylesheet", url: link.href.trim(), ...checked(link), at: link.at }];
}

function checked({ integrity, crossorigin }: PageScript | PageLink) {
  return {
    ...(integrity !== undefined && { integrity }),
    ...(crossorigin !== undefined && { crossorigin }),
  };
}

/** A host of its own that is written out; what the engine fills in may be the own one. */
function isElsewhere(written: string): boolean {
  return /^\s*(?:https?:)?\/\/[^/?#\s$\uE000\uE001]+(?:[/?#]|\s*$)/i.test(written);
}

function externalRow(file: string, external: External): SourceSetting {
  const { element, url, integrity, crossorigin, at } = external;
  const absolute = URL.parse(url.replaceAll(/[\uE000\uE001]/g, "_"), "https://plimsoll.invalid/");
  const shown = `${url.replace(/[?#].*$/s, "").replace(/[\uE000\uE001]+/g, "…")}`.slice(0, 200);
  const tag = element === "script" ? `<script src="${shown}">` : `<link href="${shown}">`;
  const isOpen = integrity !== undefined && isFilledIn(integrity);
  const words = integrity === undefined ? "without" : "with";
  const value = { url: shown, integrity: integrity ?? null, crossorigin: crossorigin ?? null };
  return {
    slug: "sri.external",
    property: element === "script" ? "template.external-script" : "template.external-stylesheet",
    subject: absolute?.host ?? shown,
    ...{ file, ...at, kind: "literal", value: `${element} ${words} integrity` },
    variables: [],
    resolved: isOpen
      ? { state: "unknown", reason: "its integrity is filled in when the page is made" }
      : { state: "known", value, from: "literal" },
    chain: `${tag} ${words} integrity <- ${file}:${at.line}`,
  };
}

interface Inline {
  readonly element: "script" | "style";
  readonly nonce: "none" | "filled-in" | "literal";
  readonly at: PagePosition;
}

function inlineOf(
  page: HttpPage,
  lines: readonly string[],
  replaced: ReadonlySet<string>,
): readonly Inline[] {
  const scripts = page.scripts
    .filter((script) => script.inline !== undefined && script.inline.length > 0 && isRun(script))
    .map(({ nonce, at }) => ({ element: "script" as const, nonce, at }));
  const styles = page.styles
    .filter(({ length }) => length > 0)
    .map(({ nonce, at }) => ({ element: "style" as const, nonce, at }));
  return [...scripts, ...styles].map(({ element, nonce, at }) => ({
    element,
    nonce: replaced.has(nonce ?? "") ? "filled-in" : nonceKind(nonce, tagAt(lines, at)),
    at,
  }));
}

/** Longest tag that is looked at for an attribute the engine fills in whole. */
const TAG_LINES_MAX = 10;

function tagAt(lines: readonly string[], { line, column }: PagePosition): string {
  const text = lines.slice(line - 1, line - 1 + TAG_LINES_MAX).join("\n");
  return /^[^>]{0,2000}/.exec(text.slice(column - 1))?.[0] ?? "";
}

/** `<script {{ nonce_attribute }}>`: the whole attribute comes from the engine. */
function nonceKind(nonce: string | undefined, tag: string): Inline["nonce"] {
  if (nonce === undefined || nonce === "")
    return /\uE000/.test(tag.replace(/"[^"]*"|'[^']*'/g, "")) ? "filled-in" : "none";
  return isFilledIn(nonce) || !isNonceValue(nonce) ? "filled-in" : "literal";
}

const NONCE_WORDS: Readonly<Record<Inline["nonce"], string>> = {
  none: "",
  "filled-in": " with a nonce",
  literal: " with a nonce that never changes",
};

function inlineRow(file: string, { element, nonce, at }: Inline): SourceSetting {
  const property: SourceProperty =
    element === "script" ? "template.inline-script" : "template.inline-style";
  const value = `inline ${element}${NONCE_WORDS[nonce]}`;
  return {
    slug: `html.inline_${element}`,
    property,
    ...{ file, ...at, kind: "literal", value },
    variables: [],
    resolved: { state: "known", value: nonce, from: "literal" },
    chain: `<${element}>: ${value} <- ${file}:${at.line}`,
  };
}

function absentRow(file: string, slug: string): SourceSetting {
  return {
    ...{ slug, file, line: null, kind: "absent", value: "none", variables: [] },
    resolved: { state: "known", value: null, from: "literal" },
    chain: `nothing of another origin is loaded <- ${file}`,
  };
}
