import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProxyRoute } from "./proxy-routes.fact.ts";
import { composeStatic, traefikLabelRoutes } from "./proxy-traefik.ts";

function shown({ names, listeners, upstreams, path }: ProxyRoute): string {
  const at = listeners.map(({ address, port, isTls }) => `${address}:${port}${isTls ? "+" : ""}`);
  const to = upstreams.map(
    ({ kind, host, port, isTls }) =>
      `${kind === "tcp" ? "" : `${kind}:`}${host}:${port}${isTls ? "+" : ""}`,
  );
  return `${names.join(",")} ${path} -> ${to.join(" ")} @ ${at.join(" ")}`;
}

function labels(list: Readonly<Record<string, string>>) {
  return Object.entries(list).map(([key, value], index) => ({
    key,
    value,
    isInterpolated: false,
    file: "compose.yml",
    line: index + 10,
  }));
}
const SERVICE = {
  file: "compose.yml",
  line: 1,
  isBuilt: true,
  command: "",
  environment: [],
  envFiles: [],
  ports: [],
  expose: [],
  labels: [],
  volumes: [],
  dependsOn: [],
} as const;

function traefik(
  own: Readonly<Record<string, string>>,
  command = "--entrypoints.web.address=:80 --entrypoints.websecure.address=:8443",
): readonly string[] {
  const project = {
    services: [
      { ...SERVICE, name: "proxy", image: "traefik:v3", command },
      { ...SERVICE, name: "web", expose: ["9000"], labels: labels(own) },
    ],
  };
  return traefikLabelRoutes(project, composeStatic(project)).map(shown);
}

test("traefik: labels", () => {
  const rule = { "traefik.http.routers.Web.rule": "Host(`a.test`, `b.test`) && PathPrefix(`/x`)" };
  const secure = { ...rule, "traefik.http.routers.web.entrypoints": "websecure" };
  assert.deepEqual(
    traefik({
      ...secure,
      "traefik.http.routers.web.tls": "true",
      "traefik.http.services.web.loadbalancer.server.port": "8000",
    }),
    ["a.test,b.test /x -> web:8000 @ *:8443+"],
  );
  assert.deepEqual(traefik({ ...secure, "traefik.http.routers.web.tls.certresolver": "le" }), [
    "a.test,b.test /x -> web:9000 @ *:8443+",
  ]);
  assert.deepEqual(traefik(secure), ["a.test,b.test /x -> web:9000 @ *:8443"]);
  assert.deepEqual(traefik({ ...secure, "traefik.http.routers.web.tls": "false" }), [
    "a.test,b.test /x -> web:9000 @ *:8443",
  ]);
  assert.deepEqual(traefik(rule), ["a.test,b.test /x -> web:9000 @ *:80 *:8443"]);
  assert.deepEqual(traefik(secure, "--entrypoints.websecure.http.tls.certresolver=le"), [
    "a.test,b.test /x -> web:9000 @ *:443+",
  ]);
  assert.deepEqual(traefik({ ...rule, "traefik.enable": "false" }), []);
  assert.deepEqual(traefik(rule, "--providers.docker.exposedbydefault=false"), []);
});
