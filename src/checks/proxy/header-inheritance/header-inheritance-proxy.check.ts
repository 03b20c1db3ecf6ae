import { HSTS } from "../../nginx/hsts.ts";
import { blockName, type Loss, restored } from "../../nginx/lost-headers.ts";
import type { NginxModel } from "../../nginx/model.ts";
import type { NginxHit, NginxRule } from "../../nginx/rule.ts";
import { lossesIn } from "../../nginx/security-fields.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyHeaderInheritance } from "./header-inheritance.control.ts";

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
  return lossesIn(model)
    .filter(isWanted)
    .map((loss): NginxHit => {
      const { settings, block, cause, server } = loss;
      const names = [...new Set(settings.map(({ at }) => at.args[0]?.text ?? ""))];
      return {
        at: cause,
        servers: [server],
        message: `${blockName(block)} has an add_header of its own and so loses ${names.join(", ")}`,
        ...restored(loss),
        also: [block, ...settings.map(({ at }) => at)],
      };
    });
}

export const proxyHeaderInheritanceProxy = proxyCheck({
  control: proxyHeaderInheritance,
  reads:
    "add_header of nginx at every level, as inherited by each place that serves content; add_header_inherit is honoured.",
  nginx: [securityHeadersLost, hstsLost],
  passes: "No nested block loses a security header",
});
