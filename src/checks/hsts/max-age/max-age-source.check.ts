import { HSTS_FIELD, HSTS_FIX, hstsOf } from "../../live-headers/hsts.ts";
import { sourceHeaderCheck } from "../../source-headers/source-header-check.ts";
import { hstsMaxAge } from "./max-age.control.ts";
import { maxAgeFaults } from "./max-age-live.check.ts";

export const hstsMaxAgeSource = sourceHeaderCheck({
  control: hstsMaxAge,
  field: HSTS_FIELD,
  property: "header.strict-transport-security",
  isStatedBySites: true,
  isOfValue: true,
  fixes: HSTS_FIX,
  faults: (answer) => maxAgeFaults({ answer }),
  canonical: (answer) => hstsOf(answer).effective?.maxAgeSeconds.toString(),
});
