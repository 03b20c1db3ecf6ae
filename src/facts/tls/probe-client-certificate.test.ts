import assert from "node:assert/strict";
import { test } from "node:test";

import type { Received } from "../../wire/tls-session/connection.ts";
import { clientCertificateOf } from "./probe-client-certificate.ts";

const alert = (code: number): Received => ({ kind: "alert", code, isFatal: true });

const answers: readonly [name: string, answer: Received | undefined, says: string][] = [
  ["going on", undefined, "requested"],
  ["handshake_failure", alert(40), "required"],
  ["bad_certificate", alert(42), "required"],
  ["certificate_required", alert(116), "required"],
  // GnuTLS 3.7 with GNUTLS_CERT_REQUIRE and TLS 1.2.
  ["decode_error", alert(50), "required"],
  ["internal_error", alert(80), "unknown"],
  ["a close", { kind: "closed", how: "end" }, "required"],
  ["silence", { kind: "closed", how: "silence" }, "unknown"],
];
for (const [name, answer, says] of answers) {
  test(`clientCertificateOf: ${name} after an empty certificate is ${says}`, () => {
    assert.equal(clientCertificateOf(true, answer), says);
    assert.equal(clientCertificateOf(false, answer), "none");
  });
}
