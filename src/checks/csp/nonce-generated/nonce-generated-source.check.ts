import { cannotTell, defineCheck, type Finding, judge, pass } from "../../../core/check.ts";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { sourceSettings } from "../../../facts/source-settings.fact.ts";
import { nothingFound } from "../../judgement/source-rows.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import { nonceSign, sentNonces } from "../../template-sources/nonces.ts";
import { cspNonceGeneratedControl } from "./nonce-generated.control.ts";

/** 128 bits (CSP3 section 7.1); a UUID of version 4 has 122, which is no reason to warn. */
const NONCE_BYTES_MIN = 15;
const MAKE =
  "secrets.token_urlsafe(16) in Python, crypto.randomBytes(16).toString('base64') in Node";

export const cspNonceGeneratedSource = defineCheck({
  control: cspNonceGeneratedControl,
  layer: "source",
  reads: "Where source puts a nonce into a policy, and the call that makes it.",
  needs: { source: sourceSettings },

  evaluate({ source }) {
    const rows = sentNonces(source);
    const sign = nonceSign(source);
    if (sign === undefined) return nothingFound(source, "No policy with nonces is made here");
    const findings = rows.flatMap(findingOf);
    const made = rows.filter((row) => makingOf(row)?.["made"] === "per-answer");
    const [first] = made;
    const otherwise =
      first === undefined
        ? cannotTell(
            "unsupported",
            `A nonce is used (${sourcePlace(sign)}); what makes it was not found`,
          )
        : pass(`A nonce is made for each answer (${sourcePlace(first)})`, made.map(sourceEvidence));
    return judge(findings, otherwise);
  },
});

function makingOf({ resolved }: SourceSetting): Readonly<Record<string, unknown>> | undefined {
  const isTold = resolved.state === "known" && typeof resolved.value === "object";
  // The reader writes a NonceMaking.
  return isTold && resolved.value !== null
    ? (resolved.value as Readonly<Record<string, unknown>>)
    : undefined;
}

function findingOf(row: SourceSetting): readonly Finding[] {
  const { made, bytes } = makingOf(row) ?? {};
  const place = sourcePlace(row);
  const evidence = [sourceEvidence(row)] as const;
  const finding = (rule: string, status: "warn" | "fail", message: string): readonly Finding[] => [
    {
      ...{ rule, status, message: `${message} (${place})`, evidence },
      fix: `Make it for each answer, where the header is written in ${row.file}: ${MAKE}`,
    },
  ];
  if (made === "never")
    return finding(
      "nonce-literal",
      "fail",
      "The nonce of the policy is written out, the same in every answer",
    );
  if (made === "once")
    return finding("nonce-at-import", "warn", "The nonce is made once, when the program starts");
  if (typeof bytes === "number" && bytes < NONCE_BYTES_MIN)
    return finding("nonce-short", "warn", `The nonce has ${bytes} bytes of randomness, 16 are due`);
  return [];
}
