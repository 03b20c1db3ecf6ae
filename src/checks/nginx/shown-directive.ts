import { directiveText, type NginxDirective } from "../../parsers/nginx/parse.ts";

const TEXT_MAX = 120;

/** `nginx.conf:7 proxy_pass http://app;`, for a step of a trace. */
export function shownDirective(directive: NginxDirective): string {
  return `${shownPlace(directive)} ${directiveText(directive).slice(0, TEXT_MAX)}`;
}

/** `nginx.conf:7`. */
export function shownPlace({ file, line }: NginxDirective): string {
  return `${file}:${line}`;
}
