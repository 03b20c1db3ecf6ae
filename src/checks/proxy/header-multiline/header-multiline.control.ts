import type { Control } from "../../../core/check.ts";

export const proxyHeaderMultiline: Control = {
  id: "proxy.header-multiline",
  title: "Every header value stands on one line",
  severity: "low",
  seed: [],
  risk: "Clients refuse or misread an answer whose header goes on over a line break, so that the protection it holds is not there.",
  rule: "Notes an add_header or more_set_headers of nginx whose value, maps resolved, holds a line break: it is sent as it is, and folded header lines are obsolete (RFC 9112, 5.2; not allowed at all in HTTP/2).",
  fix: "Write the value on one line.",
  references: [
    "https://www.rfc-editor.org/rfc/rfc9112#section-5.2",
    "https://www.rfc-editor.org/rfc/rfc9113#section-8.2.1",
  ],
};
