/** What an image, or the program in it, is there for. */
export type ImageRole =
  | "proxy"
  | "database"
  | "cache"
  | "queue"
  | "search"
  | "storage"
  | "database-admin"
  | "admin"
  | "monitoring"
  | "mail-catcher"
  | "socket-proxy"
  | "network";

const ROLES: Readonly<Record<ImageRole, string>> = {
  proxy: `nginx nginx-proxy nginx-unprivileged nginx-proxy-manager openresty angie caddy
    caddy-docker-proxy traefik haproxy httpd apache2 apache envoy varnish swag acme-companion
    nginxproxymanager https-portal bunkerweb jwilder zoraxy`,
  database: `postgres postgresql postgis timescaledb timescaledb-ha pgvector pgvecto-rs
    vectorchord-postgres pgbouncer pgautoupgrade mysql mysql-server mysqld mariadb percona mongo
    mongod mongodb cockroach clickhouse-server clickhouse influxdb neo4j couchdb cassandra scylla
    rethinkdb arangodb surrealdb mssql-server edgedb gel ferretdb questdb citus
    zulip-postgresql`,
  cache: `redis redis-server redis-stack redis-stack-server valkey keydb dragonfly memcached
    redis-alpine`,
  queue: `rabbitmq nats kafka cp-kafka zookeeper cp-zookeeper redpanda mosquitto emqx activemq
    artemis pulsar beanstalkd gearmand etcd consul`,
  search: `elasticsearch opensearch meilisearch typesense solr manticore qdrant weaviate chroma
    milvus sonic zincsearch`,
  storage: "minio garage seaweedfs rustfs localstack azurite ceph",
  "database-admin": `adminer phpmyadmin pgadmin4 pgadmin mongo-express redis-commander redisinsight
    phpredisadmin dbgate cloudbeaver sqlite-web pgweb pghero nocodb`,
  admin: `portainer portainer-ce portainer-ee dozzle flower kibana kafka-ui akhq yacht dockge
    komodo cockpit code-server jupyter filebrowser webmin rundeck opensearch-dashboards
    mongo-gui rq-dashboard bull-board`,
  monitoring: `prometheus grafana loki promtail alertmanager cadvisor thanos mimir tempo jaeger
    zipkin all-in-one opentelemetry-collector opentelemetry-collector-contrib otel-collector
    node-exporter vector fluentd fluent-bit logstash netdata statsd graphite telegraf alloy
    datadog-agent agent`,
  "mail-catcher": "mailhog mailpit maildev mailcatcher mailtrap smtp4dev inbucket greenmail",
  "socket-proxy": "docker-socket-proxy socket-proxy",
  network: "wireguard wg-easy tailscale cloudflared gluetun openvpn pihole adguardhome unbound",
};

const BY_NAME: ReadonlyMap<string, ImageRole> = new Map(
  Object.entries(ROLES).flatMap(([role, names]) =>
    names.split(/\s+/).map((name) => [name, role as ImageRole] as const),
  ),
);

/** `ghcr.io/a/b:1.2@sha256:...` as `b`, lower case. */
export function imageName(image: string): string {
  const path = image.replace(/@.*$/, "");
  return path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/:.*$/, "")
    .toLowerCase();
}

/** By the image's own name, registry, tag and digest left out; `undefined` for one nobody knows. */
export function imageRole(image: string): ImageRole | undefined {
  const name = imageName(image);
  if (/(?:^|[-_])exporter$/.test(name)) return "monitoring";
  return BY_NAME.get(name) ?? BY_NAME.get(name.replace(/^(?:docker|bitnami)-/, ""));
}

/** How firmly an image reference names one image. */
export type ImagePin = "digest" | "version" | "floating";

/**
 * `digest`: `@sha256:`; `version`: a tag with a number in it; `floating`: no tag, or one that moves
 * (`latest`, `alpine`, `stable`). `undefined` where a variable that nobody resolves gives it.
 */
export function imagePin(image: string): ImagePin | undefined {
  if (image.includes("@")) return "digest";
  if (image.trim() === "" || image.includes("$")) return undefined;
  const tag = /:([^:/]*)$/.exec(image)?.[1] ?? "";
  const isMoving =
    /^(?:latest|nightly|edge|main|master|develop|dev|stable|release|rc|beta|alpha)\b/i;
  return /\d/.test(tag) && !isMoving.test(tag) ? "version" : "floating";
}
