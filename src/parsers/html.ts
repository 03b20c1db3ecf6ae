import { Parser } from "htmlparser2";

import {
  ATTRIBUTE_CHARACTERS_MAX,
  ELEMENTS_MAX,
  type HttpPage,
  type PageForm,
  type PageHandler,
  type PageInline,
  type PageInput,
  type PageLink,
  type PageMedia,
  type PageMeta,
  type PagePosition,
  type PageScript,
} from "../core/http-page.ts";

/** Base64 of the SHA-256 of a text's UTF-8 bytes. */
export type Digest = (text: string) => string;

type Attributes = Readonly<Record<string, string>>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Lists = {
  readonly [K in keyof HttpPage as HttpPage[K] extends readonly unknown[]
    ? K
    : never]: HttpPage[K] extends readonly (infer E)[] ? E[] : never;
};

/** Elements that may stand in a head (HTML section 13.2.6.4.4); anything else begins the body. */
const HEAD_ELEMENTS: ReadonlySet<string> = new Set(
  "html head base basefont bgsound link meta title noscript noframes script style template".split(
    " ",
  ),
);
/** Attribute that loads something, by element. */
const LOADING_ATTRIBUTE: Readonly<Record<string, string>> = {
  img: "src",
  iframe: "src",
  frame: "src",
  audio: "src",
  video: "src",
  source: "src",
  track: "src",
  embed: "src",
  object: "data",
};
const INPUT_ELEMENTS: ReadonlySet<string> = new Set(["input", "select", "textarea", "button"]);
const URL_ATTRIBUTES = ["href", "src", "action", "formaction"] as const;

/**
 * Reads a page as browsers do, tolerantly (htmlparser2): never fails, takes time in proportion to the text.
 * What has no end tag ends with the text.
 */
export function readHtml(text: string, digest: Digest): HttpPage {
  const reader = createReader(text, digest);
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth += 1;
        reader.open(name, attributes, parser.startIndex);
      },
      ontext: (data) => reader.text(data),
      onclosetag: (name) => {
        depth -= 1;
        reader.close(name);
      },
    },
    { lowerCaseTags: true, lowerCaseAttributeNames: true, decodeEntities: true },
  );
  for (let at = 0; at < text.length && depth <= DEPTH_MAX; at += PIECE_CHARACTERS) {
    parser.write(text.slice(at, at + PIECE_CHARACTERS));
  }
  if (depth > DEPTH_MAX) reader.cut("nested elements");
  parser.end();
  return reader.page();
}

/**
 * Elements open at once; what follows a page nested deeper is not read. Browsers flatten it from 512 on, and the
 * parser's time grows with the square of the depth.
 */
export const DEPTH_MAX = 1_000;
/** Written at a time, so that the depth is looked at in between. */
const PIECE_CHARACTERS = 16_384;

interface Reader {
  open(name: string, attributes: Attributes, index: number): void;
  text(data: string): void;
  close(name: string): void;
  cut(list: string): void;
  page(): HttpPage;
}

interface State {
  readonly lists: Lists;
  readonly cut: Set<string>;
  readonly digest: Digest;
  base: string | undefined;
  isInHead: boolean;
  /** Open svg elements around the reader. */
  svgDepth: number;
  /** The inline script or style being read. */
  inline: { readonly attributes: Attributes; readonly at: PagePosition; text: string } | undefined;
  form: (Writable<PageForm> & { inputs: PageInput[] }) | undefined;
  readonly seenAnchors: Set<string>;
}

function createReader(text: string, digest: Digest): Reader {
  const positionAt = createPositions(text);
  const state: State = {
    lists: {
      metas: [],
      scripts: [],
      styles: [],
      links: [],
      media: [],
      forms: [],
      handlers: [],
      styleAttributes: [],
      anchors: [],
      cut: [],
    },
    cut: new Set(),
    digest,
    base: undefined,
    isInHead: true,
    svgDepth: 0,
    inline: undefined,
    form: undefined,
    seenAnchors: new Set(),
  };
  return {
    open(name, attributes, index) {
      const at = positionAt(index);
      if (!HEAD_ELEMENTS.has(name)) state.isInHead = false;
      OPENERS[name]?.(state, attributes, at);
      openLoading(state, name, attributes, at);
      if (INPUT_ELEMENTS.has(name)) openInput(state, name, attributes);
      readAttributes(state, name, attributes, at);
    },
    text(data) {
      if (state.inline !== undefined) state.inline.text += data;
    },
    close(name) {
      if (name === "script") closeScript(state);
      else if (name === "style") closeStyle(state);
      else if (name === "head") state.isInHead = false;
      else if (name === "form") state.form = undefined;
      else if (name === "svg") state.svgDepth -= 1;
    },
    cut: (list) => state.cut.add(list),
    page: () => ({
      ...(state.base !== undefined && { base: state.base }),
      ...state.lists,
      cut: [...state.cut],
    }),
  };
}

const OPENERS: Readonly<
  Record<string, (state: State, attributes: Attributes, at: PagePosition) => void>
> = {
  base(state, { href }) {
    if (href !== undefined) state.base ??= short(href);
  },
  meta(state, attributes, at) {
    const { "http-equiv": httpEquiv, name, content, charset } = attributes;
    const meta: PageMeta = {
      ...given({ httpEquiv, name, content, charset }),
      isInHead: state.isInHead,
      at,
    };
    add(state, "metas", meta);
  },
  svg(state) {
    state.svgDepth += 1;
  },
  script(state, attributes, at) {
    state.inline = { attributes, at, text: "" };
  },
  style(state, attributes, at) {
    state.inline = { attributes, at, text: "" };
  },
  link(state, attributes, at) {
    const { rel = "", href, as, type, integrity, crossorigin, nonce } = attributes;
    if (href === undefined) return;
    const link: PageLink = {
      rel: short(rel.toLowerCase()),
      href: short(href),
      ...given({ as, type, integrity, crossorigin, nonce }),
      at,
    };
    add(state, "links", link);
  },
  a: openAnchor,
  area: openAnchor,
  form(state, { action, method = "get", target }, at) {
    const form = {
      ...given({ action, target }),
      method: short(method.toLowerCase()),
      inputs: [],
      at,
    };
    state.form = form;
    add(state, "forms", form);
  },
};

function openAnchor(state: State, { href }: Attributes): void {
  if (href === undefined || state.seenAnchors.has(href)) return;
  state.seenAnchors.add(href);
  add(state, "anchors", short(href));
}

function openLoading(
  state: State,
  element: string,
  attributes: Attributes,
  at: PagePosition,
): void {
  const isImage = element === "input" && attributes["type"]?.toLowerCase() === "image";
  const attribute = isImage ? "src" : LOADING_ATTRIBUTE[element];
  const src = attribute === undefined ? undefined : attributes[attribute];
  if (src === undefined) return;
  const { sandbox } = attributes;
  const media: PageMedia = { element, src: short(src), ...given({ sandbox }), at };
  add(state, "media", media);
}

function openInput(state: State, element: string, attributes: Attributes): void {
  const { form } = state;
  if (form === undefined) return;
  if (form.inputs.length >= ELEMENTS_MAX) {
    state.cut.add("inputs");
    return;
  }
  const { name = "", type = element === "input" ? "text" : element, autocomplete } = attributes;
  form.inputs.push({
    name: short(name),
    type: short(type.toLowerCase()),
    ...given({ autocomplete }),
    valueLength: attributes["value"]?.length ?? 0,
  });
}

function readAttributes(
  state: State,
  element: string,
  attributes: Attributes,
  at: PagePosition,
): void {
  const { digest } = state;
  const seen = (attribute: string, value: string): PageHandler => ({
    element,
    attribute,
    sha256: digest(value),
    length: value.length,
    at,
  });
  for (const [attribute, value] of Object.entries(attributes)) {
    if (/^on[a-z]/.test(attribute)) add(state, "handlers", seen(attribute, value));
  }
  const { style } = attributes;
  if (style !== undefined) add(state, "styleAttributes", seen("style", style));
  for (const attribute of URL_ATTRIBUTES) {
    const value = attributes[attribute];
    if (value !== undefined && /^[\s\0-\x1f]*javascript:/i.test(value)) {
      add(state, "handlers", seen(attribute, value));
    }
  }
}

function closeScript(state: State): void {
  const { inline } = state;
  if (inline === undefined) return;
  state.inline = undefined;
  const { attributes, text, at } = inline;
  const { src, type, integrity, crossorigin, nonce, href, "xlink:href": xlinkHref } = attributes;
  const svgHref = state.svgDepth > 0 ? (href ?? xlinkHref) : undefined;
  const script: PageScript = {
    ...given({ src, svgHref, type, integrity, crossorigin, nonce }),
    ...(src === undefined &&
      svgHref === undefined && { inline: { sha256: state.digest(text), length: text.length } }),
    at,
  };
  add(state, "scripts", script);
}

function closeStyle(state: State): void {
  const { inline } = state;
  if (inline === undefined) return;
  state.inline = undefined;
  const { attributes, text, at } = inline;
  const { nonce } = attributes;
  const style: PageInline = {
    sha256: state.digest(text),
    length: text.length,
    ...given({ nonce }),
    at,
  };
  add(state, "styles", style);
}

function add<K extends keyof Lists>(state: State, name: K, element: Lists[K][number]): void {
  const list: unknown[] = state.lists[name];
  if (list.length < ELEMENTS_MAX) list.push(element);
  else state.cut.add(name);
}

function short(value: string): string {
  return value.slice(0, ATTRIBUTE_CHARACTERS_MAX);
}

/** Only the attributes that are there, each cut to its limit. */
function given<K extends string>(
  attributes: Readonly<Record<K, string | undefined>>,
): Partial<Record<K, string>> {
  const entries = Object.entries<string | undefined>(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, short(value)] as const],
  );
  return Object.fromEntries(entries) as Partial<Record<K, string>>; // Built from the same keys.
}

/** Line and column of an index; indexes must not go back. */
function createPositions(text: string): (index: number) => PagePosition {
  let line = 1;
  let lineStart = 0;
  let next = text.indexOf("\n");
  return (index) => {
    while (next !== -1 && next < index) {
      line += 1;
      lineStart = next + 1;
      next = text.indexOf("\n", lineStart);
    }
    return { line, column: index - lineStart + 1 };
  };
}
