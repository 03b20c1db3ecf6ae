import assert from "node:assert/strict";
import { test } from "node:test";

import { describeSuite } from "./tls-suite.ts";

const cases: readonly [
  name: string,
  keyExchange: string,
  authentication: string,
  bits: number,
  flags: string,
][] = [
  ["TLS_AES_256_GCM_SHA384", "TLSv1.3", "TLSv1.3", 256, "isForwardSecret isAead"],
  ["TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3", "TLSv1.3", 256, "isForwardSecret isAead"],
  ["TLS_AES_128_CCM_8_SHA256", "TLSv1.3", "TLSv1.3", 128, "isForwardSecret isAead"],
  ["TLS_SHA256_SHA256", "TLSv1.3", "TLSv1.3", 0, "isForwardSecret isNull"],
  ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE", "RSA", 128, "isForwardSecret isCbc"],
  ["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE", "ECDSA", 256, "isForwardSecret isCbc"],
  ["TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE", "RSA", 256, "isForwardSecret isAead"],
  ["TLS_DHE_DSS_WITH_AES_128_CBC_SHA", "DHE", "DSS", 128, "isForwardSecret isCbc"],
  ["TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", "ECDH", "RSA", 128, "isCbc"],
  ["TLS_RSA_WITH_AES_256_CCM_8", "RSA", "RSA", 256, "isAead"],
  ["TLS_RSA_WITH_DES_CBC_SHA", "RSA", "RSA", 56, "isCbc isSmallBlock"],
  ["TLS_RSA_WITH_3DES_EDE_CBC_SHA", "RSA", "RSA", 112, "isCbc isSmallBlock"],
  ["TLS_RSA_WITH_IDEA_CBC_SHA", "RSA", "RSA", 128, "isCbc isSmallBlock"],
  ["TLS_GOSTR341112_256_WITH_MAGMA_CTR_OMAC", "other", "other", 256, "isSmallBlock"],
  ["TLS_PSK_DHE_WITH_AES_256_CCM_8", "DHE", "PSK", 256, "isForwardSecret isAead"],
  ["TLS_RSA_WITH_RC4_128_MD5", "RSA", "RSA", 128, "isRc4 isMd5"],
  ["TLS_RSA_EXPORT_WITH_RC4_40_MD5", "RSA", "RSA", 40, "isExport isRc4 isMd5"],
  ["TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "RSA", "RSA", 40, "isCbc isExport isSmallBlock"],
  ["TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA", "RSA", "RSA", 56, "isCbc isExport isSmallBlock"],
  ["TLS_RSA_WITH_NULL_SHA256", "RSA", "RSA", 0, "isNull"],
  ["TLS_NULL_WITH_NULL_NULL", "other", "other", 0, "isNull"],
  ["TLS_DH_anon_WITH_AES_128_CBC_SHA", "DH", "anon", 128, "isCbc"],
  ["TLS_ECDH_anon_WITH_AES_128_CBC_SHA", "ECDH", "anon", 128, "isCbc"],
  ["TLS_RSA_PSK_WITH_AES_128_CBC_SHA", "RSA", "PSK", 128, "isCbc"],
  ["SSL_CK_DES_192_EDE3_CBC_WITH_MD5", "RSA", "RSA", 112, "isCbc isSmallBlock isMd5"],
  ["SSL_CK_DES_64_CBC_WITH_MD5", "RSA", "RSA", 56, "isCbc isSmallBlock isMd5"],
  ["SSL_CK_RC4_128_EXPORT40_WITH_MD5", "RSA", "RSA", 40, "isExport isRc4 isMd5"],
];

for (const [name, keyExchange, authentication, bits, flags] of cases) {
  test(`describeSuite: ${name}`, () => {
    const suite = describeSuite(name);
    assert.deepEqual(
      [suite.keyExchange, suite.authentication, suite.bits],
      [keyExchange, authentication, bits],
    );
    const set = Object.entries(suite).filter(([, value]) => value === true);
    assert.equal(set.map(([key]) => key).join(" "), flags);
  });
}
