import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTraefikToml } from "./traefik-toml.ts";

const text = `# [http.routers.no]
[entryPoints.web]
  address = ":80"
  [entryPoints.web.http.redirections.entryPoint]
    to = "websecure"

[http.routers."My-App"]
rule = "Host(\`a.test\`) && Path(\`/a.b\`)"
entryPoints = [
  "web",
  "websecure",
]
tls = {}

[[http.services.app.loadBalancer.servers]]
url = "http://10.0.0.1:80"
[[http.services.app.loadBalancer.servers]]
url = "http://10.0.0.2:80"

[api]
insecure = true
[accessLog]
fields.headers.defaultMode = "drop"
`;

test("TOML gives the settings that YAML gives, with lines", () => {
  const result = parseTraefikToml("t.toml", text);
  assert.deepEqual(result.ok && result.settings.map(({ key, value, line }) => [key, value, line]), [
    ["entrypoints.web.address", ":80", 3],
    ["entrypoints.web.http.redirections.entrypoint.to", "websecure", 5],
    ["http.routers.my-app.rule", "Host(`a.test`) && Path(`/a.b`)", 8],
    ["http.routers.my-app.entrypoints.0", "web", 9],
    ["http.routers.my-app.entrypoints.1", "websecure", 9],
    ["http.routers.my-app.tls", "{}", 13],
    ["http.services.app.loadbalancer.servers.0.url", "http://10.0.0.1:80", 16],
    ["http.services.app.loadbalancer.servers.1.url", "http://10.0.0.2:80", 18],
    ["api.insecure", "true", 21],
    ["accesslog.fields.headers.defaultmode", "drop", 23],
  ]);
});

test("broken and hostile TOML is an answer, not an exception", () => {
  const broken = parseTraefikToml("t", 'a = "b"\nc = [\n');
  assert.equal(!broken.ok && broken.line, 3);
  assert.equal(parseTraefikToml("t", `a = ${"[".repeat(20_000)}`).ok, false);
  assert.deepEqual(parseTraefikToml("t", ""), { ok: true, settings: [] });
  const started = performance.now();
  assert.equal(parseTraefikToml("t", `${"[".repeat(200_000)}\n`).ok, false);
  assert.ok(performance.now() - started < 5_000);
});
