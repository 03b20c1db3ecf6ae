import assert from "node:assert/strict";
import { test } from "node:test";
import { alertName } from "./alerts.ts";
import { groupByName, groupName } from "./groups.ts";
import { signatureSchemeName } from "./signature-schemes.ts";
import { CIPHER_SUITES, suiteByName, suiteName, suitesFor } from "./suites.ts";
import { protocolOfVersion, VERSION_CODES } from "./versions.ts";

/** Code, name: key exchange, authentication, cipher, bits, mode, MAC, oldest protocol, marks. */
const ROWS: readonly string[] = [
  "0x0003 TLS_RSA_EXPORT_WITH_RC4_40_MD5: RSA RSA RC4 40 STREAM MD5 SSLv3 export",
  "0x0005 TLS_RSA_WITH_RC4_128_SHA: RSA RSA RC4 128 STREAM SHA SSLv3",
  "0x0006 TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5: RSA RSA RC2 40 CBC MD5 SSLv3 export",
  "0x0009 TLS_RSA_WITH_DES_CBC_SHA: RSA RSA DES 56 CBC SHA SSLv3",
  "0x000a TLS_RSA_WITH_3DES_EDE_CBC_SHA: RSA RSA 3DES_EDE 112 CBC SHA SSLv3",
  "0x0014 TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA: DHE RSA DES40 40 CBC SHA SSLv3 forward-secret export",
  "0x0034 TLS_DH_anon_WITH_AES_128_CBC_SHA: DHE anon AES_128 128 CBC SHA SSLv3 forward-secret",
  "0x003b TLS_RSA_WITH_NULL_SHA256: RSA RSA NULL 0 NULL SHA256 TLSv1.2",
  "0x0064 TLS_RSA_EXPORT1024_WITH_RC4_56_SHA: RSA RSA RC4 56 STREAM SHA SSLv3 export",
  "0x006b TLS_DHE_RSA_WITH_AES_256_CBC_SHA256: DHE RSA AES_256 256 CBC SHA256 TLSv1.2 forward-secret",
  "0x00ae TLS_PSK_WITH_AES_128_CBC_SHA256: PSK PSK AES_128 128 CBC SHA256 SSLv3",
  "0x00c6 TLS_SM4_GCM_SM3: any any SM4_GCM 128 AEAD AEAD TLSv1.3 forward-secret",
  "0x1303 TLS_CHACHA20_POLY1305_SHA256: any any CHACHA20_POLY1305 256 AEAD AEAD TLSv1.3 forward-secret",
  "0x1305 TLS_AES_128_CCM_8_SHA256: any any AES_128_CCM_8 128 AEAD AEAD TLSv1.3 forward-secret",
  "0xc018 TLS_ECDH_anon_WITH_AES_128_CBC_SHA: ECDHE anon AES_128 128 CBC SHA SSLv3 forward-secret",
  "0xc032 TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384: ECDH RSA AES_256_GCM 256 AEAD AEAD TLSv1.2",
  "0xc02f TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: ECDHE RSA AES_128_GCM 128 AEAD AEAD TLSv1.2 forward-secret",
  "0xc01e TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA: SRP RSA AES_128 128 CBC SHA SSLv3",
  "0xc049 TLS_ECDHE_ECDSA_WITH_ARIA_256_CBC_SHA384: ECDHE ECDSA ARIA_256 256 CBC SHA384 TLSv1.2 forward-secret",
  "0xc0aa TLS_PSK_DHE_WITH_AES_128_CCM_8: DHE_PSK PSK AES_128_CCM_8 128 AEAD AEAD TLSv1.2 forward-secret",
  "0xc0b4 TLS_SHA256_SHA256: any any NULL 0 NULL SHA256 TLSv1.3 forward-secret",
  "0xc106 TLS_GOSTR341112_256_WITH_MAGMA_MGM_S: GOST GOST MAGMA_MGM_S 256 AEAD AEAD TLSv1.3",
  "0xccae TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256: RSA_PSK RSA CHACHA20_POLY1305 256 AEAD AEAD TLSv1.2",
  "0xfeff SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA: RSA RSA 3DES_EDE 112 CBC SHA SSLv3",
];
for (const row of ROWS) {
  test(row, () => {
    const [name = "", rest = ""] = row.slice(row.indexOf(" ") + 1).split(": ");
    const suite = suiteByName(name);
    assert.ok(suite);
    const { keyExchange, authentication, cipher, bits, mode, mac, minimumProtocol } = suite;
    const words = [keyExchange, authentication, cipher, bits, mode, mac, minimumProtocol];
    if (suite.hasForwardSecrecy) words.push("forward-secret");
    if (suite.isExport) words.push("export");
    assert.equal(words.join(" "), rest);
    assert.equal(suite.code, Number.parseInt(row, 16));
    assert.equal(suiteName(suite.code), name);
  });
}

test("the table has every suite once and no signalling value", () => {
  assert.equal(CIPHER_SUITES.length, 366);
  assert.equal(new Set(CIPHER_SUITES.map(({ code }) => code)).size, 366);
  assert.equal(new Set(CIPHER_SUITES.map(({ name }) => name)).size, 366);
  assert.deepEqual([suiteName(0x00ff), suiteName(0x5600)], ["0x00FF", "0x5600"]);
});

test("only the first code and TLS 1.3 agree on a key without naming how", () => {
  const vague = CIPHER_SUITES.filter(({ keyExchange }) => keyExchange === "any");
  assert.deepEqual(
    vague.map(({ code }) => code.toString(16)),
    ["c6", "c7", "1301", "1302", "1303", "1304", "1305", "1306", "1307", "c0b4", "c0b5"],
  );
});

test("suites by protocol", () => {
  assert.equal(suitesFor("TLSv1.3").length, 15);
  assert.ok(suitesFor("TLSv1.2").every(({ minimumProtocol }) => minimumProtocol !== "TLSv1.3"));
  const old = suitesFor("TLSv1").map(({ name }) => name);
  assert.ok(old.includes("TLS_RSA_WITH_AES_128_CBC_SHA"));
  assert.ok(!old.includes("TLS_RSA_WITH_AES_128_CBC_SHA256"));
  assert.ok(!old.includes("TLS_NULL_WITH_NULL_NULL"));
});

test("names of groups, schemes, alerts and versions, known and unknown", () => {
  assert.deepEqual([0x11ec, 0x0202, 29, 0x0100, 0x7777].map(groupName), [
    "X25519MLKEM768",
    "MLKEM1024",
    "x25519",
    "ffdhe2048",
    "0x7777",
  ]);
  assert.equal(groupByName("SecP384r1MLKEM1024")?.code, 0x11ed);
  assert.deepEqual([0x0804, 0x9999].map(signatureSchemeName), ["rsa_pss_rsae_sha256", "0x9999"]);
  assert.deepEqual([40, 86, 99].map(alertName), [
    "handshake_failure",
    "inappropriate_fallback",
    "alert 99",
  ]);
  for (const [name, code] of Object.entries(VERSION_CODES)) {
    assert.equal(protocolOfVersion(code), name);
  }
  assert.equal(protocolOfVersion(0x7f1c), undefined);
});
