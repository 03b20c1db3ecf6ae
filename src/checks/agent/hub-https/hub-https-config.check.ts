import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { type HubUrl, hubUrl } from "../../../facts/hub-url.fact.ts";
import { services } from "../../../facts/services.fact.ts";
import { thenRestart } from "../../judgement/remedy.ts";
import { openDetail } from "../../role/role-gate.ts";
import { agentHubHttps } from "./hub-https.control.ts";

/** HUB_URL as the agent uses it: scheme and host of the effective value. */
export const agentHubHttpsConfig = defineCheck({
  control: agentHubHttps,
  layer: "config",
  reads: "The effective HUB_URL of the environment, parsed as a URL (WHATWG).",
  wants: { hub: hubUrl, mode: deploymentMode, services },

  evaluate(_facts, { hub, mode, services }) {
    const open = knownValue(mode);
    if (hub.state !== "known" && open?.isOpen) return cannotTell("denied", openDetail(open));
    if (hub.state === "unknown") return cannotTell(hub.problem.code, hub.problem.detail);
    if (hub.state === "absent") return notApplicable(hub.reason);
    return judgeUrl(hub.value, thenRestart(knownValue(services)));
  },

  states(_facts, { hub }) {
    if (hub.state !== "known") return [];
    const { file, line, isParsable, scheme } = hub.value;
    const value = isParsable ? scheme : "no URL";
    const where = line === undefined ? file : `${file}:${line}`;
    return [{ layer: "config", says: "sets", value, where }];
  },
});

function judgeUrl(url: HubUrl, restart: string): Outcome {
  const { isParsable, scheme, host, shown, isLoopback } = url;
  const finding = (rule: string, status: "warn" | "fail", message: string): Outcome => {
    const found: Finding = {
      rule,
      status,
      message,
      fix: fixOf(url, restart),
      evidence: [seen(url)],
    };
    return judge([found], pass(message));
  };
  if (!isParsable || host === "") {
    const message = scheme === "" ? "HUB_URL has no scheme" : "HUB_URL is no URL with a host";
    return finding(scheme === "" ? "no-scheme" : "not-a-url", "fail", message);
  }
  if (scheme === "https") return pass(`Pushes go to ${shown}`, [seen(url)]);
  if (scheme !== "http") {
    return finding("other-scheme", "fail", `HUB_URL has the scheme ${scheme}, not https`);
  }
  const text = `TLS: HUB_URL uses HTTP, not HTTPS, to ${host}`;
  return isLoopback
    ? finding("plain-http-loopback", "warn", `${text}, which is this machine`)
    : finding("plain-http", "fail", text);
}

function seen({ isParsable, shown, file, line, layer }: HubUrl): Evidence {
  const text = isParsable ? `HUB_URL=${shown}` : "HUB_URL is set, its text is no URL with a host";
  return { file, ...(line !== undefined && { line }), excerpt: `${text} (layer ${layer})` };
}

/** Port 80 is HTTP's own: it is not carried over to the https URL. */
function fixOf({ isParsable, host, port, file, line }: HubUrl, restart: string): string {
  const name = isParsable && host !== "" ? inUrl(host) : "HOST";
  const suffix = isParsable && port > 0 && port !== 80 && port !== 443 ? `:${port}` : "";
  const where = line === undefined ? file : `${file} (line ${line})`;
  return `Give the hub a certificate, then set HUB_URL=https://${name}${suffix} in ${where}${restart}`;
}

/** RFC 3986 section 3.2.2: an IPv6 address stands in brackets. */
function inUrl(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
