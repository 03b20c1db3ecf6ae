import { matchPcre } from "../../parsers/nginx/pcre.ts";
import { samplesPcre } from "../../parsers/nginx/pcre-sample.ts";
import { isPublicSuffix } from "../judgement/public-suffix.ts";

const STEPS_MAX = 500_000;

/**
 * An address of somebody else that a pattern for the site's own takes, found by trying: a name that ends or begins
 * like the site's, or has another letter where a dot was not escaped. `undefined` where none is found, and where
 * the pattern names no site at all (`.*`).
 */
export function foreignMatch(
  pattern: string,
  isCaseless: boolean,
  field: "origin" | "referer",
): string | undefined {
  const budget = { left: STEPS_MAX };
  return samplesPcre(pattern, isCaseless)
    .flatMap((sample) => foreignTo(sample, field))
    .find((one) => matchPcre(pattern, isCaseless, one, budget) === "match");
}

/** Addresses like a sample of the site's own that belong to others. */
function foreignTo(sample: string, field: "origin" | "referer"): readonly string[] {
  const scheme = /^https?:\/\//.exec(sample)?.[0] ?? "https://";
  const host = sample.replace(/^https?:\/\//, "").split(/[/:?#]/)[0] ?? "";
  const own = registrable(host.replace(/^\./, ""));
  if (own === undefined) return [];
  const before = host.slice(0, host.length - own.length);
  const hosts = [
    `${before}plimsoll${own}`,
    `plimsoll${own}`,
    `plimsoll-${own}`,
    `${host}.plimsoll.test`,
    `${host}plimsoll.test`,
    ...[...host.matchAll(/\./g)].map(
      ({ index }) => `${host.slice(0, index)}x${host.slice(index + 1)}`,
    ),
  ].filter((one) => one.endsWith(own) === false || !isBelow(one, own));
  const origins = hosts.map((one) => `${scheme}${one.replace(/^\./, "a.")}`);
  if (field === "origin") return origins;
  return [...origins.map((one) => `${one}/`), `https://plimsoll.test/?from=${sample}`];
}

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** The part of a host somebody registered; `undefined` for a single label. */
function registrable(host: string): string | undefined {
  const labels = host.split(".");
  if (labels.length < 2 || labels.some((label) => label === "")) return undefined;
  const isTwo = isPublicSuffix(labels.slice(-2).join("."));
  return labels.slice(isTwo ? -3 : -2).join(".");
}
