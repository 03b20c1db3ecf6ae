import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/* Source trees for the bench: every tenth file holds words a security audit stops at, a few are what really runs. */

/** Average bytes of a file: 13 MB in 1,500. */
const FILE_BYTES = 8_700;

const PYTHON_PLAIN = (at: number) => `
class Record${at}:
    """One record of kind ${at}, as the service keeps it."""

    def __init__(self, name: str, count: int = ${at}) -> None:
        self.name = name
        self.count = count
        self.items: list[dict[str, object]] = []

    def add(self, key: str, value: object) -> "Record${at}":
        if key in {"a", "b", "c"} and value is not None:
            self.items.append({"key": key, "value": value, "at": ${at}})
        return self

    def total(self) -> int:
        return sum(len(str(item["value"])) for item in self.items if item["key"] != "skip")


def handle_${at}(request, *, limit: int = 50):
    rows = [Record${at}(f"row {index}") for index in range(limit)]
    return {"rows": [row.name for row in rows], "count": len(rows), "label": "kind ${at}"}
`;

const PYTHON_TELLING = (at: number) => `
import logging
import os

logger = logging.getLogger(__name__)
LIMIT_${at} = int(os.environ.get("LIMIT_${at}", "${at}"))


def cookie_${at}(response, value):
    # session handling lives in app/main.py, this one only remembers a choice of the user
    response.set_cookie("choice_${at}", value, secure=True, httponly=True, samesite="strict")
    logger.info("choice %s", LIMIT_${at})
    return response
`;

const PYTHON_MAIN = `import os

import sentry_sdk
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from app.part0.module_1 import handle_0
from app.part0.module_10 import cookie_10

sentry_sdk.init(dsn=os.getenv("SENTRY_DSN"), traces_sample_rate=0.1, send_default_pii=False)
app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
app.add_middleware(
    SessionMiddleware,
    secret_key=os.environ["SESSION_SECRET_KEY"],
    https_only=os.getenv("SESSION_SECURE_ONLY", "true") == "true",
    same_site="strict",
)


@app.middleware("http")
async def security_headers(request, call_next):
    response = await call_next(request)
    response.headers["X-Frame-Options"] = "DENY"
    return response
`;

/** Returns the bytes written. */
export function writePythonTree(directory: string, count: number): number {
  return writeTree(directory, count, {
    main: ["app/main.py", PYTHON_MAIN],
    name: (at) => `app/part${Math.floor(at / 40)}/module_${at}.py`,
    plain: PYTHON_PLAIN,
    telling: PYTHON_TELLING,
  });
}

const TYPESCRIPT_PLAIN = (at: number) => `
export interface Row${at} {
  readonly id: number;
  readonly label: string;
  readonly tags?: readonly string[];
}

export class Store${at} {
  private readonly rows = new Map<number, Row${at}>();

  add(row: Row${at}): this {
    if (row.id > 0 && row.label !== "") this.rows.set(row.id, { ...row, tags: row.tags ?? [] });
    return this;
  }

  async find(predicate: (row: Row${at}) => boolean): Promise<readonly Row${at}[]> {
    const found = [...this.rows.values()].filter(predicate);
    return found.map((row) => ({ ...row, label: \`\${row.label} ${at}\` }));
  }
}
`;

const TYPESCRIPT_TELLING = (at: number) => `
import type { Response } from "express";

const LIMIT_${at} = Number(process.env.LIMIT_${at} ?? ${at});

export function choose${at}(response: Response, value: string): void {
  response.cookie("choice_${at}", value, { secure: true, httpOnly: true, sameSite: "strict" });
  response.setHeader("X-Limit", String(LIMIT_${at}));
}
`;

const TYPESCRIPT_MAIN = `import express from "express";
import helmet from "helmet";
import session from "express-session";
import { choose10 } from "./part0/module_10.ts";

const app = express();
app.use(helmet());
app.use(session({ secret: process.env.SESSION_SECRET!, cookie: { secure: true, sameSite: "strict" } }));
app.get("/", (_request, response) => { choose10(response, "a"); response.send("ok"); });
app.listen(3000);
`;

/** Returns the bytes written. */
export function writeTypeScriptTree(directory: string, count: number): number {
  const manifest = {
    name: "shop",
    type: "module",
    scripts: { start: "node src/main.ts" },
    dependencies: { express: "5.0.0", helmet: "8.0.0", "express-session": "1.18.0" },
  };
  writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
  return writeTree(directory, count, {
    main: ["src/main.ts", TYPESCRIPT_MAIN],
    name: (at) => `src/part${Math.floor(at / 40)}/module_${at}.ts`,
    plain: TYPESCRIPT_PLAIN,
    telling: TYPESCRIPT_TELLING,
  });
}

interface Kind {
  readonly main: readonly [file: string, text: string];
  readonly name: (at: number) => string;
  readonly plain: (at: number) => string;
  readonly telling: (at: number) => string;
}

const TELLING_EACH = 10;

function writeTree(directory: string, count: number, kind: Kind): number {
  const [main, text] = kind.main;
  let bytes = write(directory, main, text);
  for (let at = 1; at < count; at++) {
    const head = at % TELLING_EACH === 0 ? kind.telling(at) : "";
    let body = head;
    for (let part = 0; body.length < FILE_BYTES; part++) body += kind.plain(part);
    bytes += write(directory, kind.name(at), body);
  }
  return bytes;
}

function write(directory: string, file: string, text: string): number {
  const path = join(directory, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return Buffer.byteLength(text);
}
