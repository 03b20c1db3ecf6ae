import type { Control } from "../../../core/check.ts";

export const cspNonceInlineTaggedControl: Control = {
  id: "csp.nonce-inline-tagged",
  title: "All inline scripts in served pages are tagged with the nonce",
  severity: "medium",
  seed: ["S2.82"],
  risk: "Code without a tag does not run under the policy, or keeps 'unsafe-inline' in it for its sake, which lets injected code run too.",
  rule: "Applies to pages whose policy names a nonce. Passes when each inline script, style element, event handler and javascript: URL of every fetched page has the nonce or a hash of its policy. Warns otherwise, with the place. Blocks of data such as application/ld+json need no tag. Unknown when a page was not answered or was cut.",
  fix: "Write nonce=\"{{ nonce }}\" in each inline <script> and <style>; move event handlers to files: element.addEventListener('click', ...).",
  references: ["https://www.w3.org/TR/CSP3/#match-element-to-source-list"],
};
