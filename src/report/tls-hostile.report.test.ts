import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleCertificate, exampleScan } from "../core/tls-scan-example.ts";
import { exampleReport } from "./example-report.ts";
import { jsonText } from "./json.report.ts";
import { renderTlsText } from "./tls.report.ts";

/** What a certificate may hold: an escape, a C1 introducer, NUL, a bidi override, line breaks. */
const HOSTILE = "a\u001b[2Jb\u009b31m\0\u202e\r\nproblems: none";
/** What a terminal would obey, or read as a line of ours. */
const OBEYED =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]|^problems: none/m;

const certificate = exampleCertificate({
  subject: `CN=${HOSTILE}`,
  issuer: HOSTILE,
  names: [HOSTILE, "shop.example.test"],
  signature: HOSTILE,
  chain: [
    {
      subject: HOSTILE,
      issuer: HOSTILE,
      notAfter: "",
      keyType: "EC",
      keyBits: 256,
      signature: HOSTILE,
    },
  ],
});
const scan = exampleScan({ certificates: [certificate], notes: [HOSTILE] });

test("renderTlsText: nothing a certificate says is obeyed by a terminal", () => {
  for (const isVerbose of [false, true]) {
    const text = renderTlsText(exampleReport(), [{ scan }], { isColoured: false, isVerbose });
    assert.match(text, /a\\u\{1b\}\[2Jb\\u\{9b\}31m\\u\{0\}\\u\{202e\}/);
    assert.doesNotMatch(text, OBEYED);
  }
});

test("jsonText: the same in JSON, and it reads back as it was", () => {
  const text = jsonText({ tls: [scan] });
  assert.doesNotMatch(text, OBEYED);
  assert.deepEqual(JSON.parse(text).tls[0].certificates[0].names[0], HOSTILE);
});
