import { answeringPlaces } from "../../nginx/answering.ts";
import { headersAt, withValue } from "../../nginx/response-headers.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { OVER_TLS, textValues } from "../../nginx/text-values.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyHeaderMultiline } from "./header-multiline.control.ts";

const LINE_BREAK = /[\r\n]/;

/** A quoted value over several lines, or one with `\n`: nginx sends the break. */
export const headerMultiline: NginxRule = {
  slug: "header-multiline",
  status: "note",
  find: (model) =>
    answeringPlaces(model).flatMap(({ server, path }) =>
      headersAt(path).settings.flatMap((setting): readonly NginxHit[] => {
        const { at, field, value } = setting;
        const values = textValues(value, path, OVER_TLS) ?? [value];
        if (!values.some((one) => LINE_BREAK.test(one))) return [];
        const isOwn = LINE_BREAK.test(value);
        const joined = value.replace(/\s*[\r\n]+\s*/g, " ").trim();
        return [
          {
            at,
            servers: [server],
            message: `The value of ${field} holds a line break`,
            fix: isOwn
              ? `Write: ${withValue(setting, joined)}`
              : `Write the values of ${value} on one line each`,
            ...(isOwn && { edits: replaceEdit(at, withValue(setting, joined)) }),
          },
        ];
      }),
    ),
};

export const proxyHeaderMultilineProxy = proxyCheck({
  control: proxyHeaderMultiline,
  reads: "The values of add_header and more_set_headers of nginx in every place, maps resolved.",
  nginx: [headerMultiline],
  passes: "Every header value stands on one line",
});
