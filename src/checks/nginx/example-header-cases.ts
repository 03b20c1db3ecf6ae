/** Configurations for the tests of headers at the proxy layer; nothing here runs in an audit. */
import { absent } from "../../core/reading.ts";
import { nginxWanted } from "../proxy-rules/example-wanted.ts";

/** One server over TLS; what is given stands on line 2. */
export function headerWanted(lines: string) {
  const text = `http { server { listen 443 ssl; server_name a.test; ssl_certificate c; ssl_certificate_key k;\n${lines}\n} }`;
  return { ...nginxWanted(text), live: absent("no live target") };
}
