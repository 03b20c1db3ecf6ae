import { type DisclosureFamily, disclosureFamily } from "./disclosure-header.ts";
import { boundedFields, type FieldSpan, problemList, slicePiece, trimPiece } from "./field.ts";

/** A product named in Server, X-Powered-By or their like: RFC 9110 (June 2022) section 10.2.4. */
export interface ProductToken extends FieldSpan {
  readonly product: string;
  /** After the slash, or the first number with a dot that follows the name. */
  readonly version?: string;
  /** In brackets behind the product: an operating system, modules. */
  readonly comment?: string;
}

const PRODUCT =
  /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\/([^\s()<>@,;:\\"/[\]?={}]+)|[ \t]+v?(\d+(?:\.\d+)+[\w.-]*))?(?:[ \t]*\(([^()]*)\))?/g;

/** The products of a field value in order; whatever does not look like one is passed over. */
export function parseProducts(value: string, field = 0): readonly ProductToken[] {
  const [piece] = boundedFields([value], problemList());
  if (piece === undefined) return [];
  return [...piece.text.matchAll(PRODUCT)].map((match) => {
    const [text, product = "", bySlash, byBlank, comment] = match;
    const version = bySlash ?? byBlank;
    const { offset, length } = trimPiece(slicePiece(piece, match.index, match.index + text.length));
    return {
      product,
      ...(version === undefined ? {} : { version }),
      ...(comment === undefined ? {} : { comment }),
      field,
      offset,
      length,
    };
  });
}

export interface Disclosure {
  /** As received. */
  readonly header: string;
  readonly family: DisclosureFamily;
  readonly value: string;
  /** Read for headers that name products; empty for others. */
  readonly products: readonly ProductToken[];
  /** Whether a version is told, by a product or by a header that holds nothing else. */
  readonly hasVersion: boolean;
}

/** Headers of an answer, in wire order, that tell what runs behind it. */
export function findDisclosures(
  headers: readonly (readonly [name: string, value: string])[],
): readonly Disclosure[] {
  return headers.flatMap(([header, value]) => {
    const family = disclosureFamily(header);
    if (family === undefined) return [];
    const isProduct = family === "product" || family === "application";
    const products = isProduct ? parseProducts(value) : [];
    const hasVersion =
      products.some(({ version, comment }) => isVersion(version) || isVersion(comment)) ||
      (isProduct && /^v?\d+(?:\.\d+)+/.test(value.trim()));
    return [{ header, family, value, products, hasVersion }];
  });
}

/** A number somewhere: `1.25.3`, `8`, `PHP/8.1`; a bare name is no version. */
function isVersion(text: string | undefined): boolean {
  return text !== undefined && /\d/.test(text);
}
