import { mkdirSync } from "node:fs";

import { compose, env, row, settings, testCases } from "./hostile-cases.ts";
import { FAULTY, fifo, linkTo, loop, SOUND_ENV } from "./hostile-deployments.ts";

/** Empty, of another kind, or not in the encoding expected. */
testCases([
  row("an empty .env", env(""), "env.secret-key", "fail", /insecure/),
  row("empty settings", settings(""), "env.secret-key", "fail", /is not set/),
  row("an empty compose file", compose(""), "env.debug", "pass", /DEBUG is off/),
  row(
    "a .env that is a link to itself",
    { ...FAULTY.settings, ".env": loop },
    "env.parse",
    "unknown",
    /\.env cannot be read: .*symbolic links/,
  ),
  row(
    "a .env that is a link to nowhere",
    { ...FAULTY.settings, ".env": linkTo("nowhere") },
    "env.parse",
    "skip",
    /No env file is in use/,
  ),
  row(
    "a .env that is a directory",
    { ...FAULTY.settings, ".env": (path) => mkdirSync(path) },
    "env.parse",
    "skip",
    /No env file is in use/,
  ),
  row(
    "a .env that is a FIFO",
    { ...FAULTY.settings, ".env": fifo },
    "env.parse",
    "unknown",
    /\.env cannot be read: .*not a regular file/,
  ),
  row(
    "a settings.py that is a FIFO",
    { ...FAULTY.settings, "config/settings.py": fifo },
    "env.debug",
    "unknown",
    /settings\.py.*not a regular file/,
  ),
  row(
    "an nginx.conf that is a FIFO",
    { ...FAULTY.hub, "conf.d/app.conf": fifo },
    "hub.https-termination",
    "unknown",
    /conf\.d\/app\.conf/,
  ),
  row(
    "a .env with a byte order mark",
    env(`\ufeff${SOUND_ENV}`),
    "env.parse",
    "warn",
    /byte order mark/,
  ),
  row(
    "a .env with CRLF",
    env(SOUND_ENV.replaceAll("\n", "\r\n")),
    "env.parse",
    "warn",
    /carriage return/,
  ),
  row("a .env with a NUL", env(`${SOUND_ENV}X=a\0b\n`), "env.parse", "warn", /\.env:5/),
  row(
    "a settings.py with lines ended by CR",
    settings("SECRET_KEY = 'x'\rDEBUG = True\r"),
    "env.debug",
    "fail",
    /DEBUG is on \(config\/settings\.py:2\)/,
  ),
]);
