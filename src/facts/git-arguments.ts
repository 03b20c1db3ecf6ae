/**
 * Nothing of the repository's own configuration may run a program or open a connection: no pager, no external
 * diff, no textconv, no fsmonitor, no hook, no signature check, no fetch of what a partial clone lacks.
 */
export const GIT = [
  "--no-pager",
  "--no-optional-locks",
  "--no-replace-objects",
  ...["core.fsmonitor=false", "core.hooksPath=/dev/null", "core.quotePath=false"].flatMap(setting),
  ...["protocol.allow=never", "log.showSignature=false", "core.attributesFile=/dev/null"].flatMap(
    setting,
  ),
] as const;

function setting(text: string): readonly string[] {
  return ["-c", text];
}
