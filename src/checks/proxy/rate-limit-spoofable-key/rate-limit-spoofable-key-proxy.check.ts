import { directiveText } from "../../../parsers/nginx/parse.ts";
import { clientVariables, isClaim, textSources } from "../../nginx/client-variables.ts";
import { type LimitZone, limitZones, usedZones } from "../../nginx/limit-zones.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyRateLimitSpoofableKey } from "./rate-limit-spoofable-key.control.ts";

export const rateLimitSpoofableKey: NginxRule = {
  slug: "rate-limit-spoofable-key",
  status: "fail",
  find(model) {
    const used = usedZones(model);
    return limitZones(model)
      .filter(({ kind, name }) => used.has(`${kind} ${name}`))
      .flatMap((zone) => hitsOf(model, zone));
  },
};

function hitsOf(model: NginxModel, { directive, path, key }: LimitZone): readonly NginxHit[] {
  const { texts, exemptions } = textSources(model, key, path);
  const written = clientVariables(texts);
  const exempting = clientVariables(exemptions).filter(isClaim);
  if (written.length + exempting.length === 0) return [];
  const text = `${directive.name} $binary_remote_addr ${directiveText(directive).split(" ").slice(2).join(" ")}`;
  return [
    {
      at: directive,
      servers: [],
      message:
        written.length > 0
          ? `Clients choose what they are counted by: ${written.join(", ")}`
          : `Clients choose whether they are counted: ${exempting.join(", ")} may empty the key ${key}`,
      fix: `Write: ${text}`,
      edits: replaceEdit(directive, text),
    },
  ];
}

export const proxyRateLimitSpoofableKeyProxy = proxyCheck({
  control: proxyRateLimitSpoofableKey,
  reads: "The key of every zone of nginx that a limit uses, followed through set, map and geo.",
  nginx: [rateLimitSpoofableKey],
  passes: "No client can choose what it is counted by",
});
