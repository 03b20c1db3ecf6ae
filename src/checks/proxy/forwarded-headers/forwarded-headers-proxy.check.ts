import { ifRouted } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { siteForwardedRule } from "../../proxy-sites/forwarding.ts";
import { forwardedProtoSpoofable, xffAppended, xffPassthrough } from "./client-fields.ts";
import { proxyForwardedHeaders } from "./forwarded-headers.control.ts";
import {
  forwardedHeaderMissing,
  forwardedProtoMissing,
  proxyHeadersLost,
} from "./missing-fields.ts";

export const proxyForwardedHeadersProxy = proxyCheck({
  control: proxyForwardedHeaders,
  reads:
    "proxy_set_header in force in every location of nginx that hands requests on, followed through set and map; header_up of Caddy, RequestHeader, ProxyPreserveHost and ProxyAddHeaders of Apache, option forwardfor and http-request set-header of HAProxy, headers of Traefik, beside what each sets by itself.",
  nginx: [
    proxyHeadersLost,
    forwardedProtoMissing,
    forwardedHeaderMissing,
    forwardedProtoSpoofable,
    xffPassthrough,
    xffAppended,
  ],
  sites: [siteForwardedRule],
  passes: "Every route to the application sets its forwarded headers itself",
  applies: ifRouted,
});
