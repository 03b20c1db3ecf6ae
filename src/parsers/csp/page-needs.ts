import type { CspInline, CspInlineKind } from "./inline.ts";
import type { CspRequest, CspRequestKind } from "./request.ts";

/** Code that stands in a page: an element, an attribute, or a `javascript:` URL. */
export interface InlineNeed {
  readonly kind: CspInlineKind;
  /** `sha256-…` in standard base64 of the code; further algorithms may follow. */
  readonly hashes: readonly [string, ...string[]];
  readonly nonce?: string;
  /** Where it stands, for people: `line 12, <script>`. */
  readonly where: string;
  /** False where a second fetch showed other code at this place, so that no hash can hold; default true. */
  readonly isStable?: boolean;
}

/** Something a page loads, frames, connects or submits to. */
export interface LoadNeed {
  readonly kind: CspRequestKind;
  /** Absolute. */
  readonly url: string;
  readonly nonce?: string;
  readonly integrity?: string;
  readonly where: string;
}

/** What one fetched page needs to work, as far as its markup tells. */
export interface PageNeeds {
  readonly url: string;
  readonly inline: readonly InlineNeed[];
  readonly loads: readonly LoadNeed[];
}

/** A need as the question whether policies allow it. */
export function inlineOf({ kind, hashes, nonce }: InlineNeed): CspInline {
  return { kind, hashes, ...(nonce === undefined ? {} : { nonce }) };
}

export function requestOf({ kind, url, nonce, integrity }: LoadNeed): CspRequest {
  return {
    kind,
    url,
    ...(nonce === undefined ? {} : { nonce }),
    ...(integrity === undefined ? {} : { integrity }),
  };
}
