import {
  answeredPages,
  type HttpExchange,
  type HttpSide,
  type HttpSite,
} from "../../core/http-site.ts";

const CUT_WORDS = {
  size: "longer than is read",
  ratio: "compressed beyond reason, decoding was stopped",
  pieces: "sent in more chunks than are read",
  time: "not at its end when the time was up",
  coding: "cannot be decoded",
  closed: "broken off by the server",
} as const;

/** What the limits kept from being seen, as sentences. */
export function limitsReached(site: Omit<HttpSite, "limits">): readonly string[] {
  const sides: readonly HttpSide[] = [site.http, site.https];
  const exchanges = new Set([
    ...sides.flatMap(({ hops }) => hops),
    ...answeredPages({ ...site, limits: [] }),
  ]);
  return [...new Set([...exchanges].flatMap(limitsOf))];
}

function limitsOf({ url, body }: HttpExchange): readonly string[] {
  const place = url.replace(/\?.*$/s, "");
  const cut = body.cut === undefined ? [] : [`${place}: the body is ${CUT_WORDS[body.cut]}`];
  const lists = (body.page?.cut ?? []).map((list) => `${place}: more ${list} than are kept`);
  return [...cut, ...lists];
}
