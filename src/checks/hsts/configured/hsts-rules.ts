import { directiveText } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { HSTS, type HstsPlace, hstsPlaces } from "../../nginx/hsts.ts";
import { addedTo, blockName, restored } from "../../nginx/lost-headers.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { hiddenBy } from "../../nginx/response-headers.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { isSnippet } from "../../nginx/sides.ts";

const LINE = 'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;';

/** Answers with something a visitor came for; a redirect or a refusal shows less. */
function isContent({ kind }: HstsPlace): boolean {
  return kind === "passed" || kind === "files" || kind === "text";
}

/** Content over TLS without HSTS, and none further out that was lost. */
export const hstsMissing: NginxRule = {
  slug: "hsts-missing",
  status: "fail",
  find(model) {
    const byServer = Map.groupBy(hstsPlaces(model), ({ server }) => server);
    return [...byServer].flatMap(([server, places]) => missingIn(model, server, places));
  },
};

function missingIn(
  model: NginxModel,
  server: NginxServer,
  places: readonly HstsPlace[],
): readonly NginxHit[] {
  const content = places.filter(isContent);
  const bare = content.filter(
    ({ settings, losses, script }) =>
      settings.length === 0 && losses.length === 0 && script === undefined,
  );
  if (bare.length === 0) return [];
  const isAny = places.some(({ settings, losses }) => settings.length + losses.length > 0);
  if (isAny) return bare.map((place) => missingAt(server, place));
  const lacking = places.filter(({ settings }) => settings.length === 0).map(({ path }) => path);
  const { status, because } = weightOf(model, bare);
  return [
    {
      at: server.directive,
      servers: [server],
      message: `No Strict-Transport-Security is sent over TLS${because}`,
      fix: `Add to the server: ${LINE}`,
      ...addedTo(server.directive, lacking, () => [LINE]),
      also: bare.flatMap(({ by }) => by ?? []),
      status,
    },
  ];
}

/** Other places of the server send it. */
function missingAt(server: NginxServer, { path, by }: HstsPlace): NginxHit {
  const block = path.at(-1) ?? server.directive;
  return {
    at: block,
    servers: [server],
    message: `No Strict-Transport-Security is sent by ${blockName(block)}, while other places of the server send it`,
    fix: `Add to the block, or once to the server: ${LINE}`,
    ...addedTo(server.directive, [path], () => [LINE]),
    also: by === undefined ? [] : [by],
    status: "warn",
  };
}

/** What the proxy answers by itself has none for certain; an application behind it may add it. */
function weightOf(
  model: NginxModel,
  bare: readonly HstsPlace[],
): { readonly status: "warn" | "fail"; readonly because: string } {
  if (isSnippet(model)) {
    return { status: "warn", because: " by this file; the http block around it is in another" };
  }
  const main = bare.some(({ isMain }) => isMain) ? bare.filter(({ isMain }) => isMain) : bare;
  const isPassedOn = main.every(
    ({ kind, path, by }) => kind === "passed" && hiddenBy(path, by?.name ?? "", HSTS) === undefined,
  );
  return isPassedOn
    ? { status: "warn", because: " by nginx: it is there only if the application sends it" }
    : { status: "fail", because: "" };
}

/** An `add_header` in a location or `if` takes the place of all of the levels around it. */
export const hstsLostInLocation: NginxRule = {
  slug: "hsts-lost-in-location",
  status: "warn",
  find(model) {
    return hstsPlaces(model).flatMap(({ server, path, losses, isMain, script }) =>
      script !== undefined
        ? []
        : losses.map((loss): NginxHit => {
            const others = path.at(-1) === loss.block ? [] : path.slice(-1);
            return {
              at: loss.cause,
              servers: [server],
              message: `${blockName(loss.block)} has an add_header of its own and so loses the Strict-Transport-Security of ${placesOf(loss.settings.map(({ at }) => at))}`,
              ...restored(loss),
              also: [loss.block, ...loss.settings.map(({ at }) => at), ...others],
              status: isMain ? "fail" : "warn",
            };
          }),
    );
  },
};

function placesOf(directives: readonly { readonly file: string; readonly line: number }[]): string {
  return [...new Set(directives.map(({ file, line }) => `${file}:${line}`))].join(" and ");
}

/** Without `always` the field is missing from errors, which is where an attacker leads people. */
export const hstsNotAlways: NginxRule = {
  slug: "hsts-not-always",
  status: "warn",
  find(model) {
    return hstsPlaces(model).flatMap(({ server, settings }) => {
      if (settings.some(({ isAlways, isPartial }) => isAlways && !isPartial)) return [];
      return settings.map(({ at, isPartial }): NginxHit => {
        const fixed = directiveText(at).replace(/;$/, " always;");
        return {
          at,
          servers: [server],
          message: "Strict-Transport-Security is missing from errors: it is set without always",
          fix: isPartial ? "Set it without -s and -t" : `Write: ${fixed}`,
          ...(!isPartial && { edits: replaceEdit(at, fixed) }),
        };
      });
    });
  },
};
