import assert from "node:assert/strict";
import { test } from "node:test";
import { startScriptRows } from "./script-rows.ts";

const cases: readonly [name: string, text: string, rows: readonly string[]][] = [
  [
    "the account is changed, and the command goes on",
    '#!/bin/sh\nset -e\nexec gosu app gunicorn shop.wsgi \\\n  --name shop \\\n  --bind 0.0.0.0:8000 \\\n  "$@"\n',
    ["docker.user 3 literal app", "bind.address 5 literal 0.0.0.0:8000"],
  ],
  [
    "after another command, on a socket",
    "umask 0 && exec gunicorn --bind unix:/tmp/a.sock --workers $W shop.wsgi\n",
    ["bind.address 1 literal unix socket /tmp/a.sock"],
  ],
  [
    "in a branch, with an account of a variable",
    'if [ -n "$X" ]; then\n  su-exec $UID:$GID uvicorn shop:app --host 127.0.0.1 --port 80\nfi\n',
    ["docker.user 2 env $UID:$GID", "bind.address 2 literal 127.0.0.1:80"],
  ],
  [
    "no address is said",
    "exec s6-setuidgid paper granian shop:app\n",
    ["docker.user 1 literal paper"],
  ],
  ["a comment", "# exec gosu app gunicorn --bind 0.0.0.0:8000 shop.wsgi\n", []],
  ["a message", 'echo "starting gunicorn --bind 0.0.0.0:8000"\n', []],
  ["another program's account", "gosu app python manage.py migrate\n# gunicorn\n", []],
];

for (const [name, text, expected] of cases)
  test(`a script that starts a server: ${name}`, () => {
    assert.deepEqual(
      startScriptRows("entrypoint.sh", text).map(
        ({ slug, line, kind, value }) => `${slug} ${line} ${kind} ${value}`,
      ),
      expected,
    );
  });
