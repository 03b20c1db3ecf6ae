import {
  fieldValues,
  type HttpExchange,
  type HttpSide,
  type RegistrableDomain,
  setCookiesOf,
} from "../../core/http-site.ts";
import { parseSetCookie } from "../../parsers/cookie.ts";
import { parseHsts } from "../../parsers/http/hsts.ts";

/** Names looked up for one site. */
const NAMES_MAX = 4_000;

/**
 * Registrable domains of the host and of what the chains name. Without foreign scripts, `Domain` attributes and a wish
 * to be preloaded, which only a registrable domain can have, nothing is loaded.
 */
export async function neededDomains(
  host: string,
  sides: readonly HttpSide[],
): Promise<Readonly<Record<string, RegistrableDomain>>> {
  const names = [...new Set(sides.flatMap(namesIn))].slice(0, NAMES_MAX);
  if (names.length === 0 && !sides.some(asksForPreloading)) return {};
  const { registrableDomain } = await import("../../parsers/registrable-domain.ts");
  return Object.fromEntries([host, ...names].map((name) => [name, registrableDomain(name)]));
}

function asksForPreloading({ hops }: HttpSide): boolean {
  return hops.some(
    (hop) => parseHsts(fieldValues(hop, "strict-transport-security")).effective?.preload === true,
  );
}

function namesIn(side: HttpSide): readonly string[] {
  const domains = setCookiesOf(side).flatMap(({ value }) => parseSetCookie(value)?.domain ?? []);
  const beyond = side.end.kind === "location-missing" ? side.end.next : undefined;
  return [
    ...domains,
    ...side.hops.flatMap(absoluteScripts),
    ...(beyond === undefined ? [] : namesIn(beyond)),
  ];
}

function absoluteScripts({ body }: HttpExchange): readonly string[] {
  const scripts = [...(body.page?.scripts ?? []), ...(body.naivePage?.scripts ?? [])];
  return scripts.flatMap(({ src }) =>
    src !== undefined && /^https?:\/\//i.test(src) ? [src] : [],
  );
}
