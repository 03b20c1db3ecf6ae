import type { SourceContext } from "./reader.ts";

/** Programs and proxies that fill in pages themselves. */
const FILLING = /\.(?:[cm]?[jt]sx?|py|go|rb|php|java|conf|template)$|(?:^|\/)Caddyfile$/;
/** Files in which a placeholder is looked for. */
export const FILLING_FILES_MAX = 400;
const NONCE = /\bnonce\s*=\s*["']([^"']{1,100})["']/gi;

/** `base64-value` (CSP 3 section 2.3.1): anything else is no nonce and stands for one. */
export function isNonceValue(text: string): boolean {
  return /^[\w+/-]+={0,2}$/.test(text);
}

/**
 * Nonces of a page that are written like one and named as one, `__CSP_NONCE__`, and that a program or a
 * proxy of the tree names too: it puts the real one in their place.
 */
export async function replacedNonces(
  { sources }: Pick<SourceContext, "sources">,
  page: string,
): Promise<ReadonlySet<string>> {
  const named = new Set(
    [...page.matchAll(NONCE)]
      .map(([, text = ""]) => text)
      .filter((text) => /nonce/i.test(text) && isNonceValue(text)),
  );
  const found = new Set<string>();
  if (named.size === 0) return found;
  for (const path of sources.paths
    .filter((each) => FILLING.test(each))
    .slice(0, FILLING_FILES_MAX)) {
    const text = await sources.text(path);
    // In a regular expression its slashes are escaped.
    const plain = text?.replaceAll("\\/", "/") ?? "";
    for (const each of named) if (plain.includes(each)) found.add(each);
    if (found.size === named.size) break;
  }
  return found;
}
