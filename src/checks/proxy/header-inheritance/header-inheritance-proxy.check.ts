import { HSTS } from "../../nginx/hsts.ts";
import { blockName, type Loss, lossesAt, restored } from "../../nginx/lost-headers.ts";
import type { NginxModel } from "../../nginx/model.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { contentPlaces, hasScript, SECURITY_FIELDS } from "../../nginx/security-fields.ts";
import { sidesOf } from "../../nginx/sides.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyHeaderInheritance } from "./header-inheritance.control.ts";

const ALL_FIELDS: ReadonlySet<string> = new Set([...SECURITY_FIELDS.keys(), HSTS]);

/** Browsers ignore HSTS that comes over http (RFC 6797, 8.1). */
const OVER_HTTP: ReadonlySet<string> = new Set(SECURITY_FIELDS.keys());

/** An `add_header` in a location or `if` takes the place of all of the levels around it. */
export const securityHeadersLost: NginxRule = {
  slug: "security-headers-lost",
  status: "warn",
  find: (model) => lossHits(model, (loss) => !isOnlyHsts(loss)),
};

/** HSTS was all there was to lose: the same loss under hsts.configured has the slug. */
const hstsLost: NginxRule = {
  slug: "inherited-hsts-lost",
  status: "warn",
  find: (model) => lossHits(model, isOnlyHsts),
};

function isOnlyHsts({ settings }: Loss): boolean {
  return settings.every(({ field }) => field === HSTS);
}

function lossHits(model: NginxModel, isWanted: (loss: Loss) => boolean): readonly NginxHit[] {
  const sides = sidesOf(model);
  return contentPlaces(model, "any").flatMap(({ server, path }) =>
    hasScript(path)
      ? []
      : lossesAt(path, sides.get(server)?.tls.length ? ALL_FIELDS : OVER_HTTP)
          .filter(isWanted)
          .map((loss): NginxHit => {
            const { settings, block, cause } = loss;
            const names = [...new Set(settings.map(({ at }) => at.args[0]?.text ?? ""))];
            return {
              at: cause,
              servers: [server],
              message: `${blockName(block)} has an add_header of its own and so loses ${names.join(", ")}`,
              ...restored(loss),
              also: [block, ...settings.map(({ at }) => at)],
            };
          }),
  );
}

export const proxyHeaderInheritanceProxy = proxyCheck({
  control: proxyHeaderInheritance,
  reads:
    "add_header of nginx at every level, as inherited by each place that serves content; add_header_inherit is honoured.",
  nginx: [securityHeadersLost, hstsLost],
  passes: "No nested block loses a security header",
});
