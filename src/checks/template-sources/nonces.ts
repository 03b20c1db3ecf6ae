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
    sentNonces(source)[0] ??
    policies.find(
      ({ resolved }) => resolved.state === "known" && /'nonce-/.test(String(resolved.value)),
    ) ??
    inlineElements(source).find((row) => nonceOf(row) === "filled-in")
  );
}

/**
 * How nonces are made, without those of a library whose policy is known to hold none: Talisman puts one into
 * the directives that `content_security_policy_nonce_in` names, which may be none.
 */
export function sentNonces(source: SourceSettings): readonly SourceSetting[] {
  const policies = settingsOf(source, "header.content-security-policy").filter(
    ({ framework }) => framework === "flask",
  );
  return settingsOf(source, "csp.nonce").filter((row) => {
    const own = policies.filter(({ file }) => file === row.file);
    const isByLibrary =
      row.resolved.state === "known" &&
      /"per-answer","bytes":null/.test(JSON.stringify(row.resolved.value));
    return !isByLibrary || own.length === 0 || !own.every(isWithoutNonce);
  });
}

function isWithoutNonce({ resolved }: SourceSetting): boolean {
  return (
    resolved.state === "known" &&
    typeof resolved.value === "string" &&
    !resolved.value.includes("'nonce-")
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
