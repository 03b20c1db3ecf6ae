import {
  type SourceSetting,
  type SourceSettings,
  settingsOf,
} from "../../facts/source-settings.fact.ts";

/** Where source shows that a policy with nonces is meant; `undefined` where nothing does. */
export function nonceSign(source: SourceSettings): SourceSetting | undefined {
  const policies = [
    ...settingsOf(source, "header.content-security-policy"),
    ...settingsOf(source, "header.content-security-policy-report-only"),
  ];
  return (
    settingsOf(source, "csp.nonce")[0] ??
    policies.find(
      ({ resolved }) => resolved.state === "known" && /'nonce-/.test(String(resolved.value)),
    ) ??
    inlineElements(source).find((row) => nonceOf(row) === "filled-in")
  );
}

/** Scripts and styles that stand in templates. */
export function inlineElements(source: SourceSettings): readonly SourceSetting[] {
  return [
    ...settingsOf(source, "template.inline-script"),
    ...settingsOf(source, "template.inline-style"),
  ];
}

/** `none`, `filled-in` or `literal`. */
export function nonceOf({ resolved }: SourceSetting): unknown {
  return resolved.state === "known" ? resolved.value : undefined;
}
