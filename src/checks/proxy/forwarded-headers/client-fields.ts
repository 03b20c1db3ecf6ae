import { clientVariables, textSources } from "../../nginx/client-variables.ts";
import type { NginxModel } from "../../nginx/model.ts";
import {
  isHttpRoute,
  type RequestField,
  requestFields,
  sentField,
} from "../../nginx/request-fields.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { isBehindProxy, type NginxRoute, passRoutes } from "../../nginx/serving.ts";

interface ClientField {
  readonly route: NginxRoute;
  readonly field: RequestField;
  /** Client's variables in the value, `$http_x_forwarded_for`; those that choose it, too. */
  readonly written: readonly string[];
  readonly chosen: readonly string[];
  /** The proxy adds the address it sees itself. */
  readonly isAppended: boolean;
}

const APPENDING = "$proxy_add_x_forwarded_for";

/** Fields of these names on routes of servers that clients reach directly, where clients write in them. */
function clientFields(model: NginxModel, names: readonly string[]): readonly ClientField[] {
  return passRoutes(model)
    .filter((route) => isHttpRoute(route) && !isBehindProxy(route.server))
    .flatMap((route) => {
      const fields = requestFields(route.path);
      return names.flatMap((name): readonly ClientField[] => {
        const field = sentField(fields, name);
        if (field === undefined) return [];
        const { texts, choices } = textSources(model, field.value, route.path);
        const written = clientVariables(texts);
        const chosen = clientVariables(choices);
        const isAppended = texts.has("remote_addr") || written.includes(APPENDING);
        return [{ route, field, written, chosen, isAppended }];
      });
    });
}

const SCHEME_FIELDS: readonly string[] = [
  "x-forwarded-proto",
  "x-forwarded-protocol",
  "x-forwarded-ssl",
  "x-forwarded-scheme",
  "x-scheme",
  "x-url-scheme",
];

export const forwardedProtoSpoofable: NginxRule = {
  slug: "forwarded-proto-spoofable",
  status: "warn",
  find(model) {
    return clientFields(model, SCHEME_FIELDS)
      .filter(({ written, chosen }) => written.length + chosen.length > 0)
      .map((one) =>
        clientHit(one, [...one.written, ...one.chosen], "says which scheme it used", "$scheme"),
      );
  },
};

const ADDRESS_FIELDS: readonly string[] = [
  "x-forwarded-for",
  "x-real-ip",
  "x-client-ip",
  "true-client-ip",
  "forwarded",
];

/** The client's text alone. Where the proxy adds what it sees, an application can count from the end. */
export const xffPassthrough: NginxRule = {
  slug: "xff-passthrough",
  status: "warn",
  find(model) {
    return clientFields(model, ADDRESS_FIELDS)
      .filter(({ written, isAppended }) => written.length > 0 && !isAppended)
      .map((one) => clientHit(one, one.written, "says which address it has", "$remote_addr"));
  },
};

export const xffAppended: NginxRule = {
  slug: "xff-appended",
  status: "note",
  find(model) {
    return clientFields(model, ["x-forwarded-for"])
      .filter(({ written, isAppended }) => written.length > 0 && isAppended)
      .map((one) => ({
        ...clientHit(one, one.written, "writes the beginning of it", "$remote_addr"),
        message:
          "X-Forwarded-For keeps what the client sent and adds its address: right only for an application that counts from the end",
      }));
  },
};

/** What belongs in fields that hold something else than their kin. */
const OTHER_VALUES: Readonly<Record<string, string>> = {
  forwarded: "for=$remote_addr",
  "x-forwarded-ssl": "$https",
};

function clientHit(
  { route: { server, location }, field: { directive } }: ClientField,
  written: readonly string[],
  what: string,
  value: string,
): NginxHit {
  const name = directive.args[0]?.text ?? "";
  const text = `proxy_set_header ${name} ${OTHER_VALUES[name.toLowerCase()] ?? value};`;
  return {
    at: directive,
    also: [location.directive],
    servers: [server],
    subject: name,
    message: `${name} is taken from the request (${[...new Set(written)].join(", ")}): the client ${what}`,
    fix: `Write: ${text}`,
    edits: replaceEdit(directive, text),
  };
}
