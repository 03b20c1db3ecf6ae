import assert from "node:assert/strict";
import { test } from "node:test";

import { checks } from "../src/checks/index.ts";
import { tlsServerChecks } from "../src/checks/tls-server.ts";

test("a TLS server is judged by every live check of TLS there is", () => {
  const wanted = checks.filter(
    ({ control, layer }) =>
      layer === "live" && (control.id.startsWith("tls.") || control.id === "grade.tls"),
  );
  assert.ok(wanted.length >= 6);
  assert.deepEqual(tlsServerChecks, wanted);
});
