import type { SiteRoute } from "../proxy-site.ts";
import { UNSET } from "../proxy-tls.ts";

/** A route of which nothing but its action is said. */
export const NOTHING_DONE: Pick<
  SiteRoute,
  | "responseFields"
  | "requestFields"
  | "bodyMax"
  | "limits"
  | "restrictions"
  | "websocket"
  | "upstreamVerified"
> = {
  responseFields: [],
  requestFields: [],
  bodyMax: UNSET,
  limits: [],
  restrictions: [],
  websocket: UNSET,
  upstreamVerified: UNSET,
};
