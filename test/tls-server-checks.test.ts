import assert from "node:assert/strict";
import { test } from "node:test";

import { checks } from "../src/checks/index.ts";
import { tlsServerChecks } from "../src/checks/tls-server.ts";
import { tlsScan } from "../src/facts/tls-scan.fact.ts";

test("a TLS server is judged by every live check that rests on the scan", () => {
  const wanted = checks.filter(({ control, layer, needs }) => {
    const isOfTls = control.id.startsWith("tls.") || control.id === "grade.tls";
    return layer === "live" && isOfTls && Object.values(needs).includes(tlsScan);
  });
  assert.deepEqual(tlsServerChecks, wanted);
  assert.deepEqual(
    tlsServerChecks.map(({ control }) => control.id),
    [
      "grade.tls",
      "tls.certificate-expiry",
      "tls.certificate-names",
      "tls.certificate-trusted",
      "tls.ciphers",
      "tls.protocols",
    ],
  );
});
