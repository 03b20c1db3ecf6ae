import type { Control } from "../../../core/check.ts";

export const proxyMetricsExposed: Control = {
  id: "proxy.metrics-exposed",
  title: "Metrics are not open to strangers",
  severity: "high",
  seed: [],
  risk: "Metrics tell versions, internal addresses, names of routes and users, and how much load the service bears.",
  rule: "fail: a location for metrics (/metrics, /actuator, /debug/pprof, the port of a known exporter) or the metrics of Caddy, HAProxy or Traefik themselves is answered to everybody. pass: none is, or on loopback, behind addresses or a password only.",
  fix: "nginx: allow the address of the collector and deny all; in the location, or return 404; there. Caddy: metrics with a matcher on remote_ip. HAProxy: bind 127.0.0.1:8405. Traefik: metrics.prometheus.entryPoint on loopback.",
  references: [
    "https://prometheus.io/docs/operating/security/",
    "https://cwe.mitre.org/data/definitions/200.html",
  ],
};
