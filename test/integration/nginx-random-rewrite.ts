import { chance, PATTERNS, pick, randomText, type Scope, SET_NAMES } from "./nginx-random-text.ts";

/* Rewrite directives of random configurations, and who makes the content. */

/** Fields: each block tells which it is. */
export function commonParts(scope: Scope): readonly string[] {
  const { random } = scope;
  scope.blocks += 1;
  const always = chance(random, 70) ? " always" : "";
  return [
    ...(chance(random, 75) ? [`add_header X-Block "${scope.id}.${scope.blocks}"${always};`] : []),
    ...(chance(random, 15)
      ? [`add_header X-Text "${randomText(scope)}"${pick(random, ["", " always"])};`]
      : []),
    ...(chance(random, 8) ? [`add_header X-Status "$status/$sent_http_location" always;`] : []),
    ...(chance(random, 8)
      ? [`expires ${pick(random, ["1h", "-1", "epoch", "max", "off", "1h30m", "7d"])};`]
      : []),
  ];
}

export function passParts(scope: Scope, mayHaveUri: boolean, isInIf = false): readonly string[] {
  const { random } = scope;
  const uri = mayHaveUri ? pick(random, ["", "", "/", "/up", "/up/", "/?q="]) : "";
  const computed = pick(random, ["$uri", "/c$request_uri", "/$1", "", "/$arg_a"]);
  const target = chance(random, 20) ? `127.0.0.1:@ECHO@${computed}` : `127.0.0.1:@ECHO@${uri}`;
  const pass = `proxy_pass http://${target};`;
  if (isInIf) return [pass];
  return [
    pass,
    ...(chance(random, 40) ? [`proxy_set_header X-P "${randomText(scope)}";`] : []),
    ...(chance(random, 20) ? ["proxy_set_header Host $host;"] : []),
    ...(chance(random, 20) ? ["proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"] : []),
    ...(chance(random, 20) ? ["proxy_hide_header X-Up;"] : []),
  ];
}

export function randomReturn(scope: Scope): string {
  const { random } = scope;
  const text = randomText(scope);
  return pick(random, [
    "return 404;",
    "return 403;",
    `return 404 "${text}";`,
    "return 204;",
    "return 444;",
    "return 200;",
    `return 301 "https://to.test/${text}";`,
    `return 302 "/to/${text}";`,
    `return 307 "${text}";`,
    "return 301 https://$host$request_uri;",
    "return https://$server_name$uri;",
    "return 410;",
  ]);
}

export function rewriteParts(
  scope: Scope,
  percent: number,
  level: "server" | "location",
): readonly string[] {
  const parts: string[] = [];
  while (parts.length < 4 && chance(scope.random, percent)) {
    parts.push(chance(scope.random, 45) ? randomIf(scope, level) : randomRewrite(scope));
  }
  return parts;
}

function randomRewrite(scope: Scope): string {
  const { random } = scope;
  switch (random.below(5)) {
    case 0:
    case 1:
      return `set $${pick(random, SET_NAMES)} "${randomText(scope)}";`;
    case 2:
      return chance(random, 30)
        ? "break;"
        : `set $args "${pick(random, ["a=x", "b=$arg_a", "", "$args&a=2"])}";`;
    default: {
      const to = pick(random, [
        "/a/$1",
        "/b/",
        "/x/$2",
        "/$1?r=$1",
        "/a?",
        "/b?$args",
        "/nowhere/$n1",
        "/a/b?k=$uri",
        "$1",
        "/$v0",
      ]);
      const away = pick(random, [
        "https://r.test/$1",
        "$scheme://$host/$1?",
        "http://r.test/$uri?x=$1",
      ]);
      // Without a flag further rewrites follow, and nginx escapes in them as if in a query, uncounted.
      const flags = ["last", "last", "break", "redirect", "permanent"];
      const flag = pick(random, to.includes("?") ? flags : [...flags, ""]);
      return `rewrite "${pick(random, PATTERNS)}" "${chance(random, 12) ? away : to}" ${flag};`;
    }
  }
}

function randomIf(scope: Scope, level: "server" | "location"): string {
  const { random } = scope;
  const inner: string[] = [];
  if (level === "location") inner.push(...commonParts(scope));
  if (chance(random, 40)) inner.push(randomRewrite(scope));
  if (chance(random, level === "server" ? 30 : 45)) inner.push(randomReturn(scope));
  else if (level === "location" && chance(random, 20)) inner.push(...passParts(scope, false, true));
  return `if (${randomCondition(scope)}) {\n${inner.join("\n")}\n}`;
}

function randomCondition({ random, maps }: Scope): string {
  const variable = pick(random, [
    "$arg_a",
    "$http_x_a",
    "$uri",
    "$host",
    "$request_method",
    "$cookie_c",
    "$v0",
    "$v1",
    "$args",
    ...maps.map((name) => `$${name}`),
  ]);
  switch (random.below(5)) {
    case 0:
      return variable;
    case 1:
      return `${variable} ${pick(random, ["=", "!="])} ${pick(random, ["1", "x", '""', "GET", "a.test", "$arg_b", "/a"])}`;
    case 2:
      return `${pick(random, ["-f", "!-f", "-d", "!-d", "-e", "!-e"])} ${pick(random, ["$request_filename", "$document_root/a.html", "@FILES@/two/a"])}`;
    default:
      return `${variable} ${pick(random, ["~", "~*", "!~", "!~*"])} "${pick(random, PATTERNS)}"`;
  }
}
