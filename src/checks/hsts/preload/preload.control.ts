import type { Control } from "../../../core/check.ts";

export const hstsPreload: Control = {
  id: "hsts.preload",
  title: "A domain that asks for preloading is eligible and listed",
  severity: "low",
  seed: ["S2.21"],
  risk: "With preload in the header anyone may submit the domain, and every subdomain without https goes dark for months; without being listed the first visit begins over http.",
  rule: "Applies where Strict-Transport-Security carries preload. Passes when the host is in the list given by --hsts-preload and still eligible by the rules of hstspreload.org: the first answer over https, a redirect too, has a max-age of 31536000 or more, includeSubDomains and preload; the certificate verifies; http is closed or leads to https on the same host first. Warns when one of them does not hold, or the list does not have the host. Only a registrable domain can be submitted: below it the list alone decides, and a host that no entry covers warns. Never fails. Unknown, without effect on the exit code, when it is eligible and no list is given. That somebody wants the domain listed is not told from outside.",
  fix: "Submit the domain at hstspreload.org once every subdomain speaks https, or take preload out of the header; removal takes months.",
  references: ["https://hstspreload.org/", "https://www.rfc-editor.org/rfc/rfc6797"],
  unknownExit: "neutral",
};
