import type { Control } from "../../../core/check.ts";

export const dbPooling: Control = {
  id: "db.pooling",
  title: "Connections to PostgreSQL are pooled",
  severity: "medium",
  seed: ["S2.69"],
  risk: "With a connection for each request a small flood uses all of the server's connections up, and the application is down for everybody.",
  rule:
    "CONN_MAX_AGE is above 0 or OPTIONS has a pool (Django), pool_size or max_overflow is given (SQLAlchemy), a pool of psycopg or asyncpg is " +
    "made, or pgbouncer stands in the way. None of these warns; without PostgreSQL it does not apply.",
  fix: 'Django: "CONN_MAX_AGE": 60 in DATABASES. SQLAlchemy: create_engine(url, pool_size=10, max_overflow=5).',
  references: [
    "https://docs.djangoproject.com/en/5.2/ref/databases/#persistent-connections",
    "https://docs.sqlalchemy.org/en/20/core/pooling.html",
  ],
};
