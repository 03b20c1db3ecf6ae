/** Databases, caches, proxies and the like: they stand beside the application. */
const INFRASTRUCTURE = new Set(
  `postgres postgresql postgis timescaledb pgvector pgbouncer pgadmin4 mysql mysqld mariadb percona
  mongo mongod mongodb mongo-express cockroach clickhouse-server influxdb redis redis-server
  redis-stack redis-stack-server valkey keydb dragonfly memcached rabbitmq nats kafka cp-kafka
  zookeeper redpanda mosquitto activemq nginx nginx-proxy nginx-unprivileged
  nginx-proxy-manager openresty caddy traefik haproxy httpd apache2 envoy varnish squid certbot
  acme-companion swag prometheus grafana loki promtail alertmanager cadvisor thanos mimir tempo
  elasticsearch opensearch kibana logstash fluentd fluent-bit vector jaeger zipkin
  opentelemetry-collector opentelemetry-collector-contrib minio vault consul etcd mailhog mailpit
  postfix adminer phpmyadmin portainer portainer-ce watchtower autoheal cloudflared tailscale
  wireguard oauth2-proxy authelia keycloak clamav docker-socket-proxy socket-proxy dind docker
  whoami sqlite-web flower`.split(/\s+/),
);

/** Whether an image is one of a database, cache, proxy or tool: by its base name, tag left out. */
export function isInfrastructureImage(image: string): boolean {
  const path = image.replace(/@.*$/, "");
  const name = path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/:.*$/, "")
    .toLowerCase();
  return isInfrastructureProgram(name);
}

/** The same for a program's base name. */
export function isInfrastructureProgram(name: string): boolean {
  const plain = name.toLowerCase();
  return INFRASTRUCTURE.has(plain) || /(?:^|[-_])exporter$/.test(plain);
}
