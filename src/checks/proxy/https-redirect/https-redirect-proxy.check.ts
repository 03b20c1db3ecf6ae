import { plainAnswers } from "../../nginx/plain-answers.ts";
import { sidesOf } from "../../nginx/sides.ts";
import type { Concern } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyHttpsRedirect } from "./https-redirect.control.ts";
import {
  httpNoRedirect,
  httpRedirectPartial,
  httpRedirectTemporary,
  redirectByIf,
  redirectToHttp,
  tlsMissing,
} from "./redirect-rules.ts";

export const proxyHttpsRedirectProxy = proxyCheck({
  control: proxyHttpsRedirect,
  reads:
    "What nginx would answer to a plain request for every name and location of every listener clients elsewhere reach, by server and location selection, return, rewrite, if and maps.",
  nginx: [
    tlsMissing,
    httpNoRedirect,
    httpRedirectPartial,
    httpRedirectTemporary,
    redirectByIf,
    redirectToHttp,
  ],
  passes: "Plain HTTP leads to HTTPS or nowhere",
  applies: (concern) =>
    isReached(concern) || "No server of the proxy is reached by clients elsewhere",
});

function isReached({ nginx }: Concern): boolean {
  return nginx.some(
    ({ model, servers }) =>
      [...sidesOf(model)].some(([server, { tls }]) => servers.has(server) && tls.length > 0) ||
      plainAnswers(model).some(({ server }) => servers.has(server)),
  );
}
