import type { Control } from "../../../core/check.ts";

export const probeCorsControl: Control = {
  id: "probe.cors",
  title: "No foreign origin may read answers",
  severity: "high",
  seed: ["S2.125"],
  risk: "Any page the user looks at reads what the application answers to the user, with the session where credentials are allowed.",
  rule: "Source: fails where any origin or null is allowed with credentials, warns where it is without, passes for a fixed list. Live: the page is asked with a foreign origin, with null, with the own name in front of and behind a foreign one, and with the own name over http; a preflight is asked too. Passes when none of them is allowed, or * without credentials only on resources that are neither HTML nor JSON. Fails when an origin that was asked with is allowed with credentials. Warns when it is allowed without, when * stands on HTML or JSON, or when * stands among methods or headers where credentials are allowed. Unknown when one of the requests got no answer, or a refusal that the page itself does not give.",
  fix: 'Give the CORS middleware a fixed list: Starlette and FastAPI: allow_origins=["https://app.example.org"]; Django: CORS_ALLOWED_ORIGINS = [...]; express: cors({ origin: ["https://app.example.org"] }); anchor patterns at both ends.',
  references: [
    "https://cwe.mitre.org/data/definitions/942.html",
    "https://fetch.spec.whatwg.org/#http-cors-protocol",
    "https://owasp.org/www-project-application-security-verification-standard/",
  ],
};
