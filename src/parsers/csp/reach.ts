import { effectiveDirective, strictDynamic } from "./effective.ts";
import { type CspDirective, type CspPolicy, directiveOf } from "./policy.ts";
import { type CspRequestKind, governingName } from "./request.ts";

/** Kinds of load that fetch directives govern, worst first. */
export const LOAD_KINDS: readonly CspRequestKind[] = [
  "script",
  "object",
  "worker",
  "style",
  "frame",
  "connect",
  "font",
  "image",
  "media",
  "manifest",
];
/** Kinds with a directive of their own that does not fall back. */
const OWN_KINDS: Readonly<Record<string, CspRequestKind>> = {
  "base-uri": "base-uri",
  "form-action": "form-action",
  "frame-ancestors": "frame-ancestor",
};

/** What a directive governs in its policy once the more particular directives have taken their share. */
export function reachOf(policy: CspPolicy, directive: CspDirective): readonly CspRequestKind[] {
  if (Object.hasOwn(OWN_KINDS, directive.name)) {
    const kind = OWN_KINDS[directive.name];
    return kind === undefined ? [] : [kind];
  }
  return LOAD_KINDS.filter((kind) => effectiveDirective(policy, governingName(kind)) === directive);
}

/** As `reachOf`, without the loads for which 'strict-dynamic' makes browsers ignore hosts and schemes. */
export function listedReach(policy: CspPolicy, directive: CspDirective): readonly CspRequestKind[] {
  const reach = reachOf(policy, directive);
  if (strictDynamic(directive.sources) === undefined) return reach;
  const isScriptList = directive.name === "script-src";
  return reach.filter((kind) => kind !== "script" && !(kind === "worker" && isScriptList));
}

/** Kinds of load that a policy does not govern at all. */
export function ungoverned(policy: CspPolicy): readonly CspRequestKind[] {
  return LOAD_KINDS.filter((kind) => effectiveDirective(policy, governingName(kind)) === undefined);
}

/** Whether a policy limits anything that is loaded; one of `upgrade-insecure-requests` alone does not try to. */
export function hasFetchDirective(policy: CspPolicy): boolean {
  return policy.directives.some(({ kind, ignored }) => kind === "fetch" && ignored === undefined);
}

/** The directive that string compilation asks (CSP3 section 4.4.1). */
export function evalDirective(policy: CspPolicy): CspDirective | undefined {
  return directiveOf(policy, "script-src") ?? directiveOf(policy, "default-src");
}
