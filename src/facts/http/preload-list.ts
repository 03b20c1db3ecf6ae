import type { PreloadList } from "../../core/fact.ts";
import { isJsonObject } from "../../core/json-object.ts";

/**
 * Reads an HSTS preload list: Chromium's `transport_security_state_static.json` (with its comments), or an object of
 * domains to `{mode, includeSubDomains}`. Only entries that force https count; `undefined` for anything else.
 */
export function parsePreloadList(text: string): PreloadList | undefined {
  const data = parseJson(text.replace(/^\s*\/\/.*$/gm, ""));
  if (!isJsonObject(data)) return undefined;
  const entries = data["entries"];
  if (Array.isArray(entries)) {
    return new Map(
      entries.filter(isJsonObject).flatMap((entry) => {
        const name = entry["name"];
        return typeof name === "string" ? forced(name, entry, "include_subdomains") : [];
      }),
    );
  }
  const named = Object.entries(data);
  if (!named.every(([, entry]) => isJsonObject(entry))) return undefined;
  return new Map(
    named.flatMap(([name, entry]) =>
      isJsonObject(entry) ? forced(name, entry, "includeSubDomains") : [],
    ),
  );
}

function forced(
  name: string,
  entry: Readonly<Record<string, unknown>>,
  subdomains: string,
): readonly (readonly [string, boolean])[] {
  if (entry["mode"] !== "force-https") return [];
  return [[name.trim().toLowerCase(), entry[subdomains] === true]];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
