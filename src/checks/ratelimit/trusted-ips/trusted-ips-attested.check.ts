import { knownValue } from "../../../core/reading.ts";
import { settingsOf, sourceSettings } from "../../../facts/source-settings.fact.ts";
import { attestedCheck } from "../../attested/attested-check.ts";
import { APPLICATION } from "../../attested/conditions.ts";
import { limitExemptions } from "../../nginx/limit-exemptions.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { PROXY_WANTS } from "../../proxy-rules/wanted.ts";
import { ratelimitTrustedIps } from "./trusted-ips.control.ts";

export const ratelimitTrustedIpsAttested = attestedCheck({
  control: ratelimitTrustedIps,
  when: {
    // Who attests that nobody is exempt is heard, whatever was found.
    isOfAudit: true,
    wants: { ...PROXY_WANTS, ...APPLICATION.wants, source: sourceSettings },
    whyNot(readings) {
      const why = APPLICATION.whyNot(readings);
      const source = knownValue(readings.source);
      const { nginx, open } = concernOf(readings);
      if (why !== undefined || source === undefined || open !== undefined) return why;
      const isNone =
        settingsOf(source, "ratelimit.trusted").length === 0 &&
        settingsOf(source, "ratelimit.trusted-field").length === 0 &&
        nginx.every(({ model }) => limitExemptions(model).length === 0);
      return isNone ? "Nothing that lets addresses past a limit was found" : undefined;
    },
  },
});
