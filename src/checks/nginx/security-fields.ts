import { remembered } from "../../core/remembered.ts";
import type { BlockPath } from "../../parsers/nginx/inherit.ts";
import type { NginxServer } from "../../parsers/nginx/server.ts";
import { type AnsweringPlace, answeringPlaces } from "./answering.ts";
import { HSTS } from "./hsts.ts";
import { isSent, type Loss, lossesAt } from "./lost-headers.ts";
import type { NginxModel } from "./model.ts";
import { type HeaderSetting, headersAt } from "./response-headers.ts";
import { sidesOf } from "./sides.ts";

export const NOSNIFF = "x-content-type-options";
export const FRAME = "x-frame-options";
export const CSP = "content-security-policy";
export const REFERRER = "referrer-policy";

/** Fields that switch on a protection of the browser, HSTS aside; as written and as compared. */
export const SECURITY_FIELDS: ReadonlyMap<string, string> = new Map(
  [
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Content-Security-Policy",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Resource-Policy",
  ].map((name) => [name.toLowerCase(), name]),
);

/** Places of a server with clients elsewhere that answer with content, over TLS or not. */
export function contentPlaces(model: NginxModel, side: "tls" | "any"): readonly AnsweringPlace[] {
  const sides = sidesOf(model);
  return answeringPlaces(model).filter(({ server, kind }) => {
    const { tls = [], plain = [] } = sides.get(server) ?? {};
    const isContent = kind === "passed" || kind === "files" || kind === "text";
    return isContent && (side === "tls" ? tls : [...tls, ...plain]).length > 0;
  });
}

/** The settings in force in a place that send something. */
export const sentAt = remembered((path: BlockPath): readonly HeaderSetting[] =>
  headersAt(path).settings.filter((one) => isSent(one, path)),
);

/** A place whose fields a script may add to. */
export function hasScript(path: BlockPath): boolean {
  return headersAt(path).script !== undefined;
}

const ALL_FIELDS: ReadonlySet<string> = new Set([...SECURITY_FIELDS.keys(), HSTS]);
/** Browsers ignore HSTS that comes over http (RFC 6797, 8.1). */
const OVER_HTTP: ReadonlySet<string> = new Set(SECURITY_FIELDS.keys());

/** What one place with content loses of the security headers set around it. */
export interface PlaceLoss extends Loss {
  readonly server: NginxServer;
}

const losses = new WeakMap<NginxModel, readonly PlaceLoss[]>();

/** All such losses; what a script may make good again is left out. */
export function lossesIn(model: NginxModel): readonly PlaceLoss[] {
  const known = losses.get(model) ?? findLosses(model);
  losses.set(model, known);
  return known;
}

function findLosses(model: NginxModel): readonly PlaceLoss[] {
  const sides = sidesOf(model);
  return contentPlaces(model, "any").flatMap(({ server, path }) => {
    if (hasScript(path)) return [];
    const isTls = (sides.get(server)?.tls.length ?? 0) > 0;
    return lossesAt(path, isTls ? ALL_FIELDS : OVER_HTTP).map((loss) => ({ ...loss, server }));
  });
}
