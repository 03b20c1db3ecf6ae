import { ifRouted } from "../../proxy-rules/applies.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
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
    "proxy_set_header in force in every location of nginx that hands requests on, followed through set and map.",
  nginx: [
    proxyHeadersLost,
    forwardedProtoMissing,
    forwardedHeaderMissing,
    forwardedProtoSpoofable,
    xffPassthrough,
    xffAppended,
  ],
  passes: "Every route to the application sets its forwarded headers itself",
  applies: ifRouted,
});
