import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { type SourceSetting, sourceSettings } from "../../../facts/source-settings.fact.ts";
import { isTruthyInPython } from "../../judgement/booleans.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { sentryPii } from "./pii.control.ts";

export const sentryPiiSource = defineCheck({
  control: sentryPii,
  layer: "source",
  reads:
    "send_default_pii, before_send and event_scrubber of every call of sentry_sdk.init in Python, sendDefaultPii and beforeSend of Sentry.init in JavaScript.",
  needs: { source: sourceSettings },

  evaluate({ source }) {
    const calls = source.settings.filter(
      ({ slug, kind }) => slug === "sentry.init" && kind !== "absent",
    );
    const [first] = calls;
    if (first === undefined)
      return notApplicable("No call of sentry_sdk.init or Sentry.init was found in source");
    const judged = calls.map((call) => judgeCall(call, source.settings));
    const findings = judged.flatMap((one) => (typeof one === "object" ? [one] : []));
    const open = judged.find((one) => typeof one === "string");
    const otherwise =
      typeof open === "string"
        ? cannotTell("unsupported", open)
        : pass("No personal data is added to events, and they are scrubbed", [
            sourceEvidence(first),
          ]);
    return judge(findings, otherwise);
  },
});

/** A finding, why it cannot be told, or `undefined` for a call that is sound. */
function judgeCall(
  call: SourceSetting,
  settings: readonly SourceSetting[],
): Finding | string | undefined {
  const own = settings.filter(
    ({ file, line, callLine }) => file === call.file && (callLine ?? line) === call.line,
  );
  const pii = own.find(({ property }) => property === "sentry.send-default-pii");
  const scrubber = own.find(
    ({ property, resolved }) =>
      property === "sentry.scrubber" && resolved.state === "known" && resolved.value === true,
  );
  const where = sourcePlace(call);
  const name = call.file.endsWith(".py") ? "sentry_sdk.init" : "Sentry.init";
  const isOpen = call.condition !== undefined && (pii === undefined || scrubber === undefined);
  if (isOpen) return `${where}: not all arguments of ${name} can be told`;
  if (pii !== undefined && pii.resolved.state !== "known")
    return `${where}: send_default_pii is only known at run time`;
  const isSent = pii?.resolved.state === "known" && isTruthyInPython(pii.resolved.value);
  const evidence = [pii, scrubber].flatMap((row) =>
    row === undefined ? [] : [sourceEvidence(row)],
  );
  const at = [sourceEvidence(call), ...evidence] as const;
  if (isSent && scrubber === undefined) {
    const message = `${name} sends personal data with every event (${where}), and nothing scrubs it`;
    return { rule: "pii-sent", status: "fail", message, fix: fixOf(where), evidence: at };
  }
  if (isSent) {
    const message = `${name} sends personal data with every event (${where}); what ${scrubber?.subject} removes cannot be told`;
    return { rule: "pii-sent-scrubbed", status: "warn", message, fix: fixOf(where), evidence: at };
  }
  if (scrubber !== undefined) return undefined;
  const message = `Events leave ${where} without a scrubber of the application's own`;
  // Sentry's own server may scrub: that is for a person to say.
  return {
    ...{ rule: "no-scrubber", status: "warn", message, fix: fixOf(where), evidence: at },
    isAbsence: true,
  };
}

function fixOf(where: string): string {
  if (!/\.py(?::\d+)?$/.test(where))
    return `In ${where} write sendDefaultPii: false and beforeSend: scrub, a function that takes cookies, headers and data out of event.request`;
  return `In ${where} write send_default_pii=False and before_send=scrub, a function that takes cookies, headers and body out of event["request"]`;
}
