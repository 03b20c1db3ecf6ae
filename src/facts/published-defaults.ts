import { sha256Hex } from "../wire/digest.ts";

/**
 * Secrets that a project, an image or a manual publishes as its default: the first 16 hex digits of the
 * value's SHA-256, so that the list gives nothing to a search for secrets. Read from the samples, compose
 * files and settings of the projects named.
 */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  "Airflow's compose file": ["16df48936f837b40"],
  Authelia: ["dd848dfcf4ee0d82"],
  "CTFd's docker-compose.yml": ["12e29ff80b476afc"],
  "Directus's documentation": ["646fe7e9335545a3", "982f4e3a0216f392"],
  "Elasticsearch's examples": ["986051385feae5b9"],
  "Express examples": ["c7e2f749101671cb"],
  "FastAPI's documentation": ["570dad43de1af4c9"],
  "Flask tutorials": ["2f0061e8dd15b396"],
  "Flask's documentation": ["2598f7d6adc142d8"],
  "Flask's tutorial": ["ef260e9aa3c673af"],
  "Flask-JWT-Extended's documentation": ["aec8084845b41a69"],
  Flasky: ["c793d6aea4e5bf22"],
  "Grafana's examples": ["cace491b69555e8d"],
  "Hasura's compose file": ["dccee340df0b1f4b"],
  "Keycloak's examples": ["d63f4a0cdaab5272"],
  Mattermost: ["892631106525e0f4"],
  MinIO: ["ad9858116e63b0c5"],
  "MinIO's examples": ["179c076ac522159d"],
  Paperless: ["1ce575e3a562cf61"],
  RabbitMQ: ["84983c60f7daadc1"],
  "RabbitMQ's examples": ["7b173343f539cdc4"],
  "Redash's compose file": ["9524778ec96458f7"],
  SearXNG: ["ca612e3566fdfd7c"],
  Sentry: ["4dc2becb4ee41614"],
  "Strapi's sample": ["d117c237031bf286", "773b2de5c3625d79"],
  "Supabase's compose file": ["1453cea2dc3799e9", "53d3eb3d9500cdcd", "80d1c192cf2210c5"],
  Superset: ["3f7aa5c0b56cad6c", "734b43f2fa3ecf50"],
  "Superset's compose file": ["92c5ebe322ba29be", "26fd2cb964045078"],
  "Symfony's skeleton": ["519e3ece10ca70b6"],
  "docker's stack.yml": ["a2a1e69c4f8340f6"],
  "docker-jitsi-meet's localstack.yml": ["b5a2c96250612366"],
  "docker-zulip's values-local.yaml.example": ["c0ebc4928ded2e05"],
  "etherpad-lite's .env.default": ["4ac8bc37f3418a92"],
  "express-session's documentation": ["422b6cfd76dcf88d"],
  "healthchecks's .env.example": ["2435b48dc8b5337d", "cb3f91d54eee30e5"],
  "healthchecks's Dockerfile": ["b7f3a92870ba8220"],
  "iron-session's documentation": ["0458e3f39384992c"],
  "jsonwebtoken's documentation": ["92e2b7f6ed28b457"],
  "jwt.io": ["f7d838701b86c5df", "465d9ad5d5528ebe"],
  "linkding's base.py": ["8ff2ddacc45b7d34"],
  "many examples": ["9f86d081884c7d65"],
  "many images": ["8c6976e5b5410415", "5e884898da280471", "2bb80d537b1da3e3", "057ba03d6c441048"],
  "mealie's Taskfile.yml": ["45e7090c069607c4"],
  "netbox-docker's Dockerfile": ["868054f12cb6eb1e"],
  "netbox-docker's netbox.env": ["18eb1ebbc4cfdb6f", "c221bcece48c0f25"],
  "netbox-docker's redis-cache.env": ["fca894e09ed7eef4"],
  "netbox-docker's redis.env": ["320d46f9a6c1debb"],
  "outline's .env.sample": [
    "a9ee59cf6f8bbd8b",
    "dd33c16b06a9bc43",
    "7fe262304fdf7b82",
    "da9da64304660ce6",
  ],
  "outline's docker-compose.yml": ["d74ff0ee8da3b980"],
  "paperless-ngx's Dockerfile": ["2bd30848ef90f5ad"],
  "paperless-ngx's docker-compose.env": ["e2186dbdb1bb4193"],
  "paperless-ngx's docker-compose.postgres-tika.yml": ["3aabed2fdda7ceef"],
  "paperless-ngx's pyproject.toml": ["b0c202fdffdccd39"],
  "rallly's .env.sample": ["65ae41fa5fbbfb2d", "af9fa531e6aaf0df"],
  "rallly's garage.toml": ["60e05bd1b195af2f"],
  "redis examples": ["34fb46c847bb9df9"],
  "redis.conf": ["1b58ee375b42e41f"],
  "self-hosted's .env": ["f75778f7425be4db"],
  "taiga-back's common.py": ["d8180b04313ece39"],
  "the AWS documentation": ["1a5d44a2dca19669", "78314b11be2e5815"],
  "the FastAPI template": ["62f196fe59c6f78d"],
  "the Flask Mega-Tutorial": ["ce7ca3d53a67c65f"],
  "the database images' documentation": ["50d858e0985ecc7f"],
  "the database images' examples": ["4813494d137e1631"],
  "the mariadb image's examples": ["e08f4c9c36148019"],
  "the mysql image's documentation": ["897424aa34b2c490"],
  "the mysql image's examples": ["430005175c4c7810"],
  "the postgres image's documentation": ["94aefb8be78b2b7c"],
  "the postgres image's examples": ["a942b37ccfaf5a81"],
  "umami's docker-compose.yml": ["d10a1ba98cc59e4d", "25a9dba42e0fac74"],
  "wger's main.py": ["c3bd86f928e03e27", "0368e911a54e1118"],
};

const DIGITS = 16;
const BY_DIGEST = new Map(
  Object.entries(PUBLISHED).flatMap(([origin, digests]) =>
    digests.map((digest) => [digest, origin] as const),
  ),
);

/** Who publishes this very value as a default (`netbox-docker's netbox.env`); `undefined` for no one known. */
export function publisherOf(value: string): string | undefined {
  return BY_DIGEST.get(sha256Hex(value).slice(0, DIGITS));
}
