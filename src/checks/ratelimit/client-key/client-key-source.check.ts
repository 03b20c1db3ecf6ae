import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { effectiveVariable, environment } from "../../../facts/environment.fact.ts";
import { proxyRoutes } from "../../../facts/proxy-routes.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import {
  type SourceSetting,
  settingsOf,
  sourceSettings,
} from "../../../facts/source-settings.fact.ts";
import { hiddenBehind } from "../../judgement/effective-value.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { ratelimitClientKey } from "./client-key.control.ts";

const KEY = "FORWARDED_ALLOW_IPS";
const FLAG = /--forwarded-allow-ips[= ]+["']?([^\s"']+)/;
const REMOTE = /(?:^|\.)get_(?:remote|ip)\w*address$|(?:^|\.)get_ipaddr$|^req\.ip$/;

export const ratelimitClientKeySource = defineCheck({
  control: ratelimitClientKey,
  layer: "source",
  reads:
    "key_func of the limiters in source, ProxyFix, --forwarded-allow-ips and FORWARDED_ALLOW_IPS, and the proxy in front.",
  needs: { environment, source: sourceSettings },
  wants: { services, proxyRoutes },

  evaluate({ environment: env, source }, readings) {
    const key = settingsOf(source, "ratelimit.client-key").find(isByAddress);
    if (key === undefined) return notApplicable("No limiter that counts by address was found");
    const { proxyRoutes: routes } = readings;
    if (routes.state === "unknown") return cannotTell(routes.problem.code, routes.problem.detail);
    if ((knownValue(routes)?.routes.length ?? 0) === 0)
      return notApplicable("No proxy was found in front");
    const hidden = hiddenBehind(env, [KEY]);
    const running = knownValue(readings.services)?.services ?? [];
    const flag = running
      .map(({ command }) => FLAG.exec(command)?.[1])
      .find((one) => one !== undefined);
    const believed = flag ?? effectiveVariable(env, KEY)?.text;
    const fixed = settingsOf(source, "proxy.trusted")[0];
    const evidence = sourceEvidence(key);
    if (fixed?.framework !== undefined) return ofNode(key, fixed);
    if (believed?.trim() === "*") return judge([spoofable(key)], pass(""));
    if (believed !== undefined && believed.trim() !== "")
      return pass(`The client's address is taken from ${believed} alone`, [evidence]);
    if (fixed !== undefined)
      return pass(`The client's address is taken from the proxy (${sourcePlace(fixed)})`, [
        evidence,
        sourceEvidence(fixed),
      ]);
    if (hidden !== undefined) return cannotTell(hidden.code, hidden.detail);
    return judge([shared(key)], pass(""));
  },
});

/** Node's frameworks take the first address of the list where every proxy is trusted. */
function ofNode(key: SourceSetting, trusted: SourceSetting): Outcome {
  const place = sourcePlace(trusted);
  if (trusted.resolved.state !== "known")
    return cannotTell("unsupported", `${place}: whom the application trusts is not known`);
  if (trusted.condition !== undefined)
    return cannotTell("unsupported", `${place}: trusted under a condition: ${trusted.condition}`);
  const { value } = trusted.resolved;
  if (value === true) return judge([spoofable(key)], pass(""));
  if (value === false || value === null) return judge([shared(key)], pass(""));
  return pass(`The client's address is taken from the proxy (${place})`, [
    sourceEvidence(key),
    sourceEvidence(trusted),
  ]);
}

function isByAddress({ resolved }: SourceSetting): boolean {
  return (
    resolved.state === "known" && typeof resolved.value === "string" && REMOTE.test(resolved.value)
  );
}

const NODE_FIX =
  'app.set("trust proxy", 1) in the application (as many as there are proxies in front)';
const FIX =
  "Start the application with --proxy-headers --forwarded-allow-ips=127.0.0.1 (the proxy's address)";

function fixOf({ framework }: SourceSetting): string {
  const isNode = framework === "express" || framework === "koa" || framework === "fastify";
  return isNode ? NODE_FIX : FIX;
}

function spoofable(key: SourceSetting): Finding {
  const message = `The limiter of ${sourcePlace(key)} believes everybody's X-Forwarded-For: clients choose what they are counted by`;
  return {
    rule: "client-key-spoofable",
    status: "warn",
    message,
    fix: fixOf(key),
    evidence: [sourceEvidence(key)],
  };
}

function shared(key: SourceSetting): Finding {
  const message = `Nothing was found that gives the limiter of ${sourcePlace(key)} the client's address: it counts the proxy's`;
  return {
    rule: "client-key-proxy",
    status: "warn",
    message,
    fix: fixOf(key),
    evidence: [sourceEvidence(key)],
  };
}
