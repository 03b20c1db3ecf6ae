/**
 * What is read from an HTML page: everything that loads, runs or sends. Attribute values are decoded (character
 * references resolved) and cut at `ATTRIBUTE_CHARACTERS_MAX`; lists end at `ELEMENTS_MAX` (`cut` names them then).
 */
export interface HttpPage {
  /** `href` of the first `<base>` that has one. */
  readonly base?: string;
  readonly metas: readonly PageMeta[];
  readonly scripts: readonly PageScript[];
  /** `<style>` elements. */
  readonly styles: readonly PageInline[];
  /** `<link>` with `href`. */
  readonly links: readonly PageLink[];
  /** `img`, `iframe`, `audio`, `video`, `source`, `track`, `embed`, `object`, `frame`, `input type=image`. */
  readonly media: readonly PageMedia[];
  readonly forms: readonly PageForm[];
  /** `on…` attributes and `javascript:` URLs. */
  readonly handlers: readonly PageHandler[];
  /** `style` attributes. */
  readonly styleAttributes: readonly PageHandler[];
  /** `href` of `<a>` and `<area>` as written, each once. */
  readonly anchors: readonly string[];
  /** Lists that were longer than is kept, by name. */
  readonly cut: readonly string[];
}

/** Place of the element's `<`. Both count from 1; columns in UTF-16 units. */
export interface PagePosition {
  readonly line: number;
  readonly column: number;
}

export interface PageMeta {
  readonly httpEquiv?: string;
  readonly name?: string;
  readonly content?: string;
  readonly charset?: string;
  /** Inside `<head>` as written; a CSP elsewhere is ignored by browsers. */
  readonly isInHead: boolean;
  readonly at: PagePosition;
}

/** Hashes of a text as CSP and SRI write them, base64, of its UTF-8 bytes. */
export interface PageInline {
  readonly sha256: string;
  /** Characters. */
  readonly length: number;
  readonly nonce?: string;
  readonly at: PagePosition;
}

export interface PageScript {
  /** As written; without it and `svgHref` the script is inline. */
  readonly src?: string;
  /** `href` or `xlink:href` of a script element of SVG, which browsers load (SVG 2 section 15.8). */
  readonly svgHref?: string;
  readonly type?: string;
  readonly integrity?: string;
  readonly crossorigin?: string;
  readonly nonce?: string;
  /** Of the inline text; present when neither `src` nor `svgHref` is. */
  readonly inline?: { readonly sha256: string; readonly length: number };
  readonly at: PagePosition;
}

export interface PageLink {
  /** Lower case. */
  readonly rel: string;
  readonly href: string;
  readonly as?: string;
  readonly type?: string;
  readonly integrity?: string;
  readonly crossorigin?: string;
  readonly nonce?: string;
  readonly at: PagePosition;
}

export interface PageMedia {
  readonly element: string;
  readonly src: string;
  readonly sandbox?: string;
  readonly at: PagePosition;
}

export interface PageForm {
  /** As written; without it the form goes to the page's own URL. */
  readonly action?: string;
  /** Lower case; `get` where the page says nothing. */
  readonly method: string;
  readonly target?: string;
  readonly inputs: readonly PageInput[];
  readonly at: PagePosition;
}

export interface PageInput {
  readonly name: string;
  /** Lower case; `text` where the page says nothing. */
  readonly type: string;
  readonly autocomplete?: string;
  /** Characters of the value given by the page; the value itself may be a token and is not kept. */
  readonly valueLength: number;
}

export interface PageHandler {
  readonly element: string;
  /** Attribute, lower case: `onclick`, `style`, `href`. */
  readonly attribute: string;
  readonly sha256: string;
  readonly length: number;
  readonly at: PagePosition;
}

/** Elements kept of each kind. */
export const ELEMENTS_MAX = 2_000;
/** Characters kept of an attribute's value. */
export const ATTRIBUTE_CHARACTERS_MAX = 16_384;
