import { canonicalHsts, HSTS_FIELD, HSTS_FIX, sendsHsts } from "../../live-headers/hsts.ts";
import { foretoldAnswer } from "../../nginx/foretold-answer.ts";
import { hstsPlaces } from "../../nginx/hsts.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { type SourceWanted, sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { hstsConfigured } from "./configured.control.ts";

export const hstsConfiguredSource = sourceHeaderCheck({
  control: hstsConfigured,
  field: HSTS_FIELD,
  property: "header.strict-transport-security",
  fixes: HSTS_FIX,
  faults: (answer) =>
    sendsHsts({ kind: "page", answer })
      ? []
      : [{ rule: "missing", status: "fail", what: `No ${HSTS_FIELD}` }],
  canonical: canonicalHsts,
  isStatedBySites: true,
  both(own, { value, where }) {
    const policies = [own, value].map((text) =>
      canonicalHsts(foretoldAnswer([[HSTS_FIELD, text]])),
    );
    return policies[0] === policies[1]
      ? undefined
      : `The application and the proxy (${where}) set different values of ${HSTS_FIELD}`;
  },
  inapplicable: plainOnly,
});

/** A proxy that is there and speaks no TLS leaves nothing over which browsers would take it. */
function plainOnly(wanted: SourceWanted): string | undefined {
  const { nginx } = concernOf(wanted);
  if (nginx.length === 0) return undefined;
  const isTls = nginx.some(({ model, servers }) =>
    hstsPlaces(model).some(({ server }) => servers.has(server)),
  );
  return isTls ? undefined : "No server of the proxy speaks TLS";
}
