import assert from "node:assert/strict";
import { test } from "node:test";

import { absent } from "../../../core/reading.ts";
import { exampleScan, type ScanChange } from "../../../core/tls-scan-example.ts";
import { exampleRoutes } from "../../tls-scan/example-routes.ts";
import { tlsProtocolsLive } from "./protocols-live.check.ts";

const evaluate = (scans: readonly ScanChange[], routes = exampleRoutes()) =>
  tlsProtocolsLive.evaluate({ scans: scans.map(exampleScan) }, { routes });

const SILENT: ScanChange = { state: "unreachable", why: "ECONNREFUSED", protocols: null };
const cases: readonly [name: string, scans: readonly ScanChange[], answer: string][] = [
  ["1.2 and 1.3", [{}], "pass"],
  ["1.3 alone", [{ protocols: ["TLSv1.3"] }], "pass"],
  ["1.2 alone", [{ protocols: ["TLSv1.2"] }], "warn no-tls13"],
  ["1.3 open", [{ protocols: ["TLSv1.2"], protocolsUnknown: ["TLSv1.3"] }], "unknown"],
  ["1.0", [{ protocols: ["TLSv1", "TLSv1.3"] }], "fail tls10-accepted"],
  ["1.1", [{ protocols: ["TLSv1.1", "TLSv1.3"] }], "fail tls11-accepted"],
  [
    "SSLv3 and 1.0",
    [{ protocols: ["SSLv3", "TLSv1", "TLSv1.3"] }],
    "fail sslv3-accepted tls10-accepted",
  ],
  ["an old version open", [{ protocolsUnknown: ["TLSv1"] }], "unknown"],
  [
    "an old version open, another accepted",
    [{ protocols: ["TLSv1.1", "TLSv1.3"], protocolsUnknown: ["TLSv1"] }],
    "fail tls11-accepted",
  ],
  [
    "one address of two",
    [{}, { address: "192.0.2.2", protocols: ["TLSv1", "TLSv1.3"] }],
    "fail tls10-accepted",
  ],
  ["one address silent", [{}, SILENT], "unknown"],
  ["no TLS there", [{ state: "not-tls", why: "an SSH banner", protocols: null }], "skip"],
  ["nothing answered", [{ protocols: null }], "unknown"],
];
for (const [name, scans, answer] of cases) {
  test(`tls.protocols/live: ${name} is ${answer}`, () => {
    const outcome = evaluate(scans);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

test("tls.protocols/live: a server that refuses every hello is not called silent", () => {
  const refusing = { protocols: [], protocolsUnknown: ["TLSv1.2", "TLSv1.3"] as const };
  const why = "refuses every hello: unrecognized_name";
  const detailOf = (change: ScanChange) => {
    const outcome = evaluate([change]);
    return outcome.status === "unknown" ? outcome.problem.detail : outcome.status;
  };
  assert.match(detailOf({ ...refusing, why }), /refuses every hello: unrecognized_name/);
  assert.doesNotMatch(detailOf({ ...refusing, why }), /no answer/);
  assert.match(detailOf(refusing), /TLSv1\.2, TLSv1\.3 got no answer/);
});

test("tls.protocols/live: the finding names address, version, file and directive", () => {
  const outcome = evaluate([{ protocols: ["TLSv1", "TLSv1.3"] }]);
  assert.deepEqual("findings" in outcome && outcome.findings, [
    {
      rule: "tls10-accepted",
      status: "fail",
      subject: "shop.example.test:443 (192.0.2.1)",
      message: "shop.example.test:443 (192.0.2.1) accepts TLSv1",
      fix: "In /etc/nginx/sites-enabled/shop (listener in line 3) write: ssl_protocols TLSv1.2 TLSv1.3; in http{} and in the default server of the socket, whose setting counts; then run: nginx -t && systemctl reload nginx",
      evidence: [
        { url: "https://shop.example.test:443/", excerpt: "accepted: TLSv1, TLSv1.3" },
        { file: "/etc/nginx/sites-enabled/shop", line: 3, excerpt: "listen 443 ssl" },
      ],
    },
  ]);
  const alone = evaluate([{ protocols: ["TLSv1", "TLSv1.3"] }], absent("no proxy"));
  assert.match("findings" in alone ? alone.findings[0].fix : "", /^In the server that ends TLS/);
});
