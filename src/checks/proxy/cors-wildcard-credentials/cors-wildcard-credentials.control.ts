import type { Control } from "../../../core/check.ts";

export const proxyCorsWildcardCredentials: Control = {
  id: "proxy.cors-wildcard-credentials",
  title: "Foreign origins get no answers with credentials",
  severity: "high",
  seed: [],
  risk: "Any page on the web reads what the application shows the visitor who is logged in, and acts for them.",
  rule: "Every place of nginx that adds Access-Control-Allow-Credentials: true is asked as a page of an unknown origin, and of the origin null, would. Fails when the answer allows that origin. Warns for * beside credentials, which browsers refuse. An application behind that adds such fields itself is not seen here.",
  fix: 'nginx: map $http_origin $cors_origin { default ""; "https://app.example.com" $http_origin; } add_header Access-Control-Allow-Origin $cors_origin always;',
  references: [
    "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
    "https://cwe.mitre.org/data/definitions/942.html",
  ],
};
