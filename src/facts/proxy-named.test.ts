import assert from "node:assert/strict";
import { test } from "node:test";

import { createMemoryHost } from "../host/memory-host.ts";
import { NAMED_FILE_BYTES_MAX, readNamedProxies } from "./proxy-named.ts";
import { NAMED_CANDIDATES_MAX } from "./proxy-named-candidates.ts";

const SERVER = "server { listen 80; }\n";

async function read(files: Readonly<Record<string, string>>, ...paths: readonly string[]) {
  return readNamedProxies(createMemoryHost({ files }), { paths });
}

test("names are relative to what the arguments have in common", async () => {
  const files = { "/a/x/nginx.conf": SERVER, "/a/y/site.conf": SERVER };
  const { directory, readings } = await read(files, "/a/x", "/a/y/site.conf");
  assert.equal(directory, "/a");
  assert.deepEqual(
    readings.nginx.map(({ file }) => file),
    ["x/nginx.conf", "y/site.conf"],
  );
});

test("what a main file includes is no configuration of its own", async () => {
  const files = {
    "/a/nginx.conf": "http { include conf.d/*.conf; }",
    "/a/conf.d/one.conf": SERVER,
    "/a/conf.d/two.conf": SERVER,
  };
  const { readings } = await read(files, "/a");
  assert.deepEqual(
    readings.nginx.map(({ file }) => file),
    ["nginx.conf"],
  );
});

test("an installed configuration may include what lies elsewhere on the machine, another may not", async () => {
  const text = "http { include /srv/tls.conf; }\n";
  const files = {
    "/etc/nginx/nginx.conf": text,
    "/home/me/nginx.conf": text,
    "/srv/tls.conf": SERVER,
  };
  assert.deepEqual((await read(files, "/etc/nginx/nginx.conf")).problems, []);
  assert.deepEqual(
    (await read(files, "/home/me/nginx.conf")).problems.map(({ kind, detail }) => [kind, detail]),
    [["missing", "/srv/tls.conf was not found beside the configuration"]],
  );
});

test("variables in braces are a template to nginx, and httpd's own", async () => {
  const nginx = await read({ "/a/nginx.conf": "server { listen ${PORT}; }\n" }, "/a/nginx.conf");
  assert.ok(nginx.problems.some(({ kind }) => kind === "template"));
  const text = "<VirtualHost *:80>\n  ErrorLog ${APACHE_LOG_DIR}/error.log\n</VirtualHost>\n";
  const apache = await read({ "/a/site.conf": text }, "/a/site.conf");
  assert.ok(apache.problems.every(({ kind }) => kind !== "template"));
});

for (const [sizeBytes, kinds] of [
  [NAMED_FILE_BYTES_MAX, []],
  [NAMED_FILE_BYTES_MAX + 1, ["unreadable"]],
] as const) {
  test(`a file of ${sizeBytes} bytes is ${kinds.length === 0 ? "read" : "too large"}`, async () => {
    const text = SERVER + "#\n".repeat(NAMED_FILE_BYTES_MAX / 2).slice(SERVER.length);
    const files = { "/a/nginx.conf": text + " ".repeat(sizeBytes - text.length) };
    const { problems } = await read(files, "/a/nginx.conf");
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      kinds,
    );
  });
}

for (const [count, kinds] of [
  [NAMED_CANDIDATES_MAX, []],
  [NAMED_CANDIDATES_MAX + 1, ["limit"]],
] as const) {
  test(`of ${count} files ${kinds.length === 0 ? "all" : "not all"} are looked into`, async () => {
    const names = Array.from({ length: count }, (_, at) => [`/a/s/sites-enabled/${at}`, "x"]);
    const { problems, refused } = await read(Object.fromEntries(names), "/a/s");
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      kinds,
    );
    assert.equal(refused.length, 1 - kinds.length);
  });
}
