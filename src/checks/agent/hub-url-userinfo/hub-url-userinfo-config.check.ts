import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { deploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { type HubUrl, hubUrl } from "../../../facts/hub-url.fact.ts";
import { openDetail } from "../../role/role-gate.ts";
import { agentHubUrlUserinfo } from "./hub-url-userinfo.control.ts";

/** Credentials in HUB_URL. They are never shown, only that there are some. */
export const agentHubUrlUserinfoConfig = defineCheck({
  control: agentHubUrlUserinfo,
  layer: "config",
  reads: "Userinfo and query parameter names of the effective HUB_URL.",
  wants: { hub: hubUrl, mode: deploymentMode },

  evaluate(_facts, { hub, mode }) {
    const open = knownValue(mode);
    if (hub.state !== "known" && open?.isOpen) return cannotTell("denied", openDetail(open));
    if (hub.state === "unknown") return cannotTell(hub.problem.code, hub.problem.detail);
    if (hub.state === "absent") return notApplicable(hub.reason);
    const good = pass("HUB_URL carries no credential", [seen(hub.value, "no userinfo")]);
    return judge([...userinfo(hub.value), ...parameters(hub.value)], good);
  },
});

function userinfo(url: HubUrl): readonly Finding[] {
  if (!url.hasUserinfo) return [];
  const isPlain = url.scheme === "http";
  return [
    {
      rule: isPlain ? "userinfo-over-http" : "userinfo",
      status: isPlain ? "fail" : "warn",
      message: `HUB_URL carries userinfo${isPlain ? ", sent in clear text" : ""}`,
      fix: fixOf(url, "the part before the @"),
      evidence: [seen(url, "userinfo present")],
    },
  ];
}

function parameters(url: HubUrl): readonly Finding[] {
  const { secretParameters } = url;
  if (secretParameters.length === 0) return [];
  const names = secretParameters.join(", ");
  return [
    {
      rule: "secret-parameter",
      status: "warn",
      message: `HUB_URL carries query parameters named like a credential: ${names}`,
      fix: fixOf(url, `the query parameters ${names}`),
      evidence: [seen(url, `parameters ${names} present`)],
    },
  ];
}

function fixOf({ file, line }: HubUrl, what: string): string {
  const where = line === undefined ? file : `${file} (line ${line})`;
  return `Remove ${what} from HUB_URL in ${where}, issue a new credential and put it into WEBHOOK_SECRET_CLUSTER or HUB_API_KEY`;
}

function seen({ file, line, layer }: HubUrl, what: string): Evidence {
  return {
    file,
    ...(line !== undefined && { line }),
    excerpt: `HUB_URL: ${what} (layer ${layer})`,
  };
}
