import assert from "node:assert/strict";
import { test } from "node:test";
import { maskCommandLine } from "./command-line/mask.ts";
import { splitShellWords } from "./command-line/shell-words.ts";
import { readCommandLine } from "./command-line.ts";

const NONE: (name: string) => undefined = () => undefined;

const WORDS: readonly (readonly [string, readonly string[]])[] = [
  ["a  b\tc", ["a", "b", "c"]],
  [`a 'b c' "d e"f \\g\\ h`, ["a", "b c", "d ef", "g h"]],
  [`"a\\"b\\\\c\\d" ''`, ['a"b\\c\\d', ""]],
  ["a&&b||c;d|e & f", ["a", "&&", "b", "||", "c", ";", "d", "|", "e", "&", "f"]],
  ["a 2>&1 >>log </in b # c d", ["a", "b"]],
  ["a#b", ["a#b"]],
  ['a $(b "c" (d)) `e f` g', ["a", '$(b "c" (d))', "`e f`", "g"]],
  [`$A \${B:-x y} "\${C-z}" '$D'`, ["$A", "x y", "z", "$D"]],
  ["'open", ["open"]],
  ['"open', ["open"]],
  ["a \\", ["a", ""]],
  [`\${open`, [`\${open`]],
];
for (const [line, words] of WORDS) {
  test(`words of ${line}`, () =>
    assert.deepEqual(
      splitShellWords(line, NONE).map(({ text }) => text),
      words,
    ));
}

type Bind = readonly [address: string, port: number, isUnixSocket?: true];
const BINDS: readonly (readonly [string, ...Bind[]])[] = [
  ["gunicorn app:app", ["127.0.0.1", 8000]],
  ["gunicorn app --bind 0.0.0.0:8000", ["0.0.0.0", 8000]],
  ["gunicorn app -b :8000", ["", 8000]],
  ["gunicorn -b127.0.0.1:9 app", ["127.0.0.1", 9]],
  ["gunicorn --bind=[::]:8000 app", ["::", 8000]],
  ["gunicorn --bind unix:/run/a.sock app", ["/run/a.sock", 0, true]],
  ["gunicorn -b unix:///run/a.sock app", ["/run/a.sock", 0, true]],
  ["gunicorn -b 127.0.0.1:1 -b 10.0.0.1:2 a", ["127.0.0.1", 1], ["10.0.0.1", 2]],
  ["gunicorn -b 127.0.0.1:1,0.0.0.0:2 a", ["127.0.0.1", 1], ["0.0.0.0", 2]],
  ["gunicorn -b 0.0.0.0 a", ["0.0.0.0", 8000]],
  ["gunicorn -b fd://3 a"],
  ["gunicorn -b '*:80' a", ["", 80]],
  ["gunicorn -b 0.0.0.0:$NONE a", ["0.0.0.0", 0]],
  [`gunicorn -b 0.0.0.0:\${NONE:-8080} a`, ["0.0.0.0", 8080]],
  ["/srv/.venv/bin/gunicorn config.wsgi:application -b localhost:8000", ["localhost", 8000]],
  ["-/srv/.venv/bin/gunicorn a", ["127.0.0.1", 8000]],
  ["PORT=9000 gunicorn a", ["0.0.0.0", 9000]],
  ["env -u X GUNICORN_CMD_ARGS='-b :7' A=b gunicorn a", ["", 7]],
  ["GUNICORN_CMD_ARGS='-b :7' gunicorn a -b :8", ["", 8]],
  ["export PORT=70 && gunicorn a", ["0.0.0.0", 70]],
  ["python -m gunicorn -b :1 a", ["", 1]],
  ["/usr/bin/python3.12 -u /srv/.venv/bin/gunicorn -b :1 a", ["", 1]],
  ["uv run --no-sync --with x gunicorn -b :1 a", ["", 1]],
  ["poetry run gunicorn -b :1 a", ["", 1]],
  ["exec gunicorn -b :1 a", ["", 1]],
  ["/entrypoint.sh gunicorn -b :1 a", ["", 1]],
  ["tini -- gosu app gunicorn -b :1 a", ["", 1]],
  [`sh -c "exec gunicorn -b :1 a"`, ["", 1]],
  [`/bin/bash -lc 'python manage.py migrate && sh -c "gunicorn -b :1 a"'`, ["", 1]],
  ["sh -c 'gunicorn -b :1 a >> /var/log/g 2>&1'", ["", 1]],
  ["supervise --name gunicorn other"],
  ["pip install gunicorn"],
  ["systemctl restart gunicorn"],
  ["gunicorn: master process [config.wsgi]"],
  ["uvicorn main:app", ["127.0.0.1", 8000]],
  ["uvicorn main:app --host 0.0.0.0 --port 80", ["0.0.0.0", 80]],
  ["uvicorn main:app --host=:: --port=80", ["::", 80]],
  ["uvicorn main:app --host 0.0.0.0", ["0.0.0.0", 8000]],
  ["uvicorn main:app --uds /run/u.sock --host 0.0.0.0", ["/run/u.sock", 0, true]],
  ["uvicorn main:app --fd 3"],
  ["UVICORN_HOST=0.0.0.0 uvicorn main:app", ["0.0.0.0", 8000]],
  ["hypercorn a", ["127.0.0.1", 8000]],
  ["hypercorn a -b 0.0.0.0:1 --bind unix:h.sock", ["0.0.0.0", 1], ["h.sock", 0, true]],
  ["daphne a.asgi:application", ["127.0.0.1", 8000]],
  ["daphne -b 0.0.0.0 -p 8001 a", ["0.0.0.0", 8001]],
  ["daphne -u /run/d.sock a", ["/run/d.sock", 0, true]],
  ["daphne --fd 0 a"],
  ["daphne -e tcp:port=8001:interface=0.0.0.0 a", ["0.0.0.0", 8001]],
  ["daphne -e ssl:443:privateKey=k:certKey=c a", ["", 443]],
  ["waitress-serve a:app", ["0.0.0.0", 8080]],
  ["waitress-serve --listen=127.0.0.1:1 --listen '[::1]:2' a", ["127.0.0.1", 1], ["::1", 2]],
  ["waitress-serve --host 127.0.0.1 --port 5 a", ["127.0.0.1", 5]],
  ["waitress-serve --unix-socket=/run/w.sock a", ["/run/w.sock", 0, true]],
  ["python manage.py runserver", ["127.0.0.1", 8000]],
  ["python manage.py runserver 9000", ["127.0.0.1", 9000]],
  ["python manage.py runserver 0:9000", ["0.0.0.0", 9000]],
  ["python -u ./manage.py runserver --noreload 0.0.0.0:8000", ["0.0.0.0", 8000]],
  ["manage.py runserver -6", ["::1", 8000]],
  ["manage.py runserver --settings a.b [::]:8000", ["::", 8000]],
  ["python manage.py migrate"],
  ["flask run", ["127.0.0.1", 5000]],
  ["flask --app x run -h 0.0.0.0 -p 80", ["0.0.0.0", 80]],
  ["flask db upgrade"],
  ["uwsgi --http :8000 --socket /run/u.sock", ["", 8000], ["/run/u.sock", 0, true]],
  ["uwsgi --https 0.0.0.0:443,c.pem,k.pem", ["0.0.0.0", 443]],
  ["uwsgi --http-socket 127.0.0.1:1 -s 127.0.0.1:2", ["127.0.0.1", 1], ["127.0.0.1", 2]],
  ["uwsgi --ini uwsgi.ini"],
  ["fastapi run main.py", ["0.0.0.0", 8000]],
  ["fastapi dev --port 1", ["127.0.0.1", 1]],
  ["granian --host 0.0.0.0 a:app", ["0.0.0.0", 8000]],
  ["node server.js"],
  [""],
];
for (const [line, ...binds] of BINDS) {
  test(`binds of ${line}`, () =>
    assert.deepEqual(
      readCommandLine(line).binds.map(({ address, port, isUnixSocket }) =>
        isUnixSocket ? [address, port, true] : [address, port],
      ),
      binds,
    ));
}

test("a bind quotes its words and says whether it is the default", () => {
  const [given] = readCommandLine("gunicorn --bind 0.0.0.0:8000 app").binds;
  assert.deepEqual([given?.text, given?.isDefault], ["--bind 0.0.0.0:8000", false]);
  const [byDefault] = readCommandLine("gunicorn app").binds;
  assert.deepEqual([byDefault?.text, byDefault?.isDefault], ["gunicorn without --bind", true]);
  const [click] = readCommandLine("uvicorn a --host 0.0.0.0 --port 1").binds;
  assert.equal(click?.text, "--host 0.0.0.0 --port 1");
});

test("variables come from lookup", () => {
  const lookup = (name: string) => ({ PORT: "9001", UVICORN_PORT: "7" })[name];
  assert.equal(readCommandLine("gunicorn -b 0.0.0.0:$PORT a", lookup).binds[0]?.port, 9001);
  assert.equal(readCommandLine("uvicorn a", lookup).binds[0]?.port, 7);
  assert.equal(readCommandLine("gunicorn -c conf/g.py a", lookup).configFile, "conf/g.py");
});

const DEBUG: readonly (readonly [string, readonly string[]])[] = [
  ["uvicorn a --reload", ["--reload"]],
  ["flask run --debug", ["--debug"]],
  ["flask --app x --debug run", ["--debug"]],
  ["flask db --debug", []],
  ["python manage.py runserver 0.0.0.0:8000", ["runserver"]],
  ["hypercorn --debug a", ["--debug"]],
  ["fastapi dev", ["fastapi dev"]],
  ["node --inspect=0.0.0.0:9229 a.js", ["--inspect=0.0.0.0:9229"]],
  ["gunicorn a", []],
  ["echo uvicorn --reload", []],
];
for (const [line, expected] of DEBUG) {
  test(`debug flags of ${line}`, () =>
    assert.deepEqual(readCommandLine(line).debugFlags, expected));
}

const SOURCED: readonly (readonly [string, readonly string[]])[] = [
  [". ./.env && exec gunicorn a", ["./.env"]],
  ["sh -c 'set -a; source /srv/.env; set +a; exec uvicorn a'", ["/srv/.env"]],
  ["echo . ./.env", []],
  ["gunicorn a", []],
  [". /opt/venv/bin/activate && . ./.env && gunicorn a", ["./.env"]],
];
for (const [line, expected] of SOURCED) {
  test(`sourced files of ${line}`, () =>
    assert.deepEqual(readCommandLine(line).sourcedFiles, expected));
}

const APPLICATION: readonly (readonly [string, string, boolean])[] = [
  ["python app.py", "python", true],
  ["/srv/venv/bin/python3.12 -m app", "python3.12", true],
  ["node server.js", "node", true],
  ["celery -A config worker", "celery", true],
  ["python manage.py migrate && gunicorn a", "gunicorn", true],
  ["redis-server --port 1", "redis-server", false],
  ["docker-entrypoint.sh postgres", "docker-entrypoint.sh", false],
  ["nginx -g 'daemon off;'", "nginx", false],
];
for (const [line, program, isApplication] of APPLICATION) {
  test(`application of ${line}`, () => {
    const read = readCommandLine(line);
    assert.equal(read.isApplication, isApplication);
    if (isApplication) assert.equal(read.program, program);
  });
}

const MASKED: readonly (readonly [string, string])[] = [
  ["gunicorn -b :8000 a", "gunicorn -b :8000 a"],
  ["SECRET_KEY=abc gunicorn", "SECRET_KEY=*** gunicorn"],
  [`SECRET_KEY="a \\" b"c gunicorn`, "SECRET_KEY=*** gunicorn"],
  [`env "SECRET_KEY=a b" gunicorn`, `env "SECRET_KEY=***" gunicorn`],
  ["x --api-key abc --port 1", "x --api-key *** --port 1"],
  ["x --api-key=abc --token 'a b' c", "x --api-key=*** --token *** c"],
  ["x --password --port 1", "x --password --port 1"],
  ["DEBUG=1 x", "DEBUG=1 x"],
  ["x redis://:p@ss@host:1/0 http://h/p?token=1 y", "x redis://***@host:1/0 http://h/p?*** y"],
  ["redis-server --requirepass abc --port 1", "redis-server --requirepass *** --port 1"],
  ["x Cf6Yegs4SlvexRBYGJZyimXygdlQaX0x y", "x *** y"],
  [
    "x /opt/App1Release2Build3Number4/bin a1b2c3d4e5f6a7b8c9d0e1f2 y",
    "x /opt/App1Release2Build3Number4/bin a1b2c3d4e5f6a7b8c9d0e1f2 y",
  ],
  [
    "gunicorn My1Very2Long3Package4Name5.wsgi:application",
    "gunicorn My1Very2Long3Package4Name5.wsgi:application",
  ],
  [`curl -H "Authorization: Bearer abc" z`, `curl -H "Authorization: ***" z`],
];
for (const [line, expected] of MASKED) {
  test(`masked ${line}`, () => assert.equal(maskCommandLine(line), expected));
}

test("hostile lines end in bounded time", () => {
  const started = performance.now();
  for (const line of [
    "sh -c ".repeat(5_000),
    `${"'".repeat(20_001)}`,
    "$(".repeat(10_000),
    `${"a=".repeat(20_000)}`,
    `${"exec ".repeat(5_000)}gunicorn`,
    `--token ${"\\".repeat(20_001)}`,
    "x://".repeat(10_000),
    "-".repeat(50_000),
    ">".repeat(20_000),
    `${"a: ".repeat(9_000)}`,
  ]) {
    readCommandLine(line);
    maskCommandLine(line);
  }
  assert.ok(performance.now() - started < 3_000);
});
