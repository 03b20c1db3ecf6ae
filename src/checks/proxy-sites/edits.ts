import type { Edit } from "../../core/check.ts";
import type { ProxySite } from "../../facts/proxy-site.ts";
import type { Place, TlsListener } from "../../facts/proxy-tls.ts";
import { tlsListeners } from "./answering.ts";

/** The changes of a finding, to be spread into it; none where the smallest change cannot be told. */
export interface Edits {
  readonly edits?: readonly [Edit, ...Edit[]];
}

/** Puts a statement in the place of another. */
export function replacing({ file, line }: Place, text: string): Edits {
  return { edits: [{ file, line, action: "replace", text }] };
}

const HSTS = 'Strict-Transport-Security "max-age=31536000; includeSubDomains"';

/** The field for every answer of a site that has TLS. */
export function hstsEdits(site: ProxySite): Edits {
  const { proxy, file, line } = site;
  switch (proxy) {
    case "caddy":
      return { edits: [{ file, line, action: "insert-in", text: `header ${HSTS}` }] };
    case "apache":
      return { edits: [{ file, line, action: "insert-in", text: `Header always set ${HSTS}` }] };
    case "haproxy": {
      // Behind the bind line: whether lines of a section are indented is a matter of taste.
      const [bind] = tlsListeners(site);
      if (bind === undefined) return {};
      const text = `http-response set-header ${HSTS}`;
      return { edits: [{ file: bind.file, line: bind.line, action: "insert-after", text }] };
    }
    default:
      return {};
  }
}

/** Words of `ssl-default-bind-options` that need no quotes. */
const PLAIN_WORDS = /^ssl-default-bind-options [\w .-]{1,300}$/;

/** TLS 1.2 as the least where the configuration names less. */
export function minimumTlsEdits({ proxy, protocols, ...listener }: TlsListener): Edits {
  if (protocols.state !== "set") return {};
  const { at, text } = protocols;
  if (proxy === "apache") return replacing(at, "SSLProtocol -all +TLSv1.2 +TLSv1.3");
  const isBind = at.file === listener.file && at.line === listener.line;
  if (proxy !== "haproxy" || isBind) return {};
  const options = `ssl-default-bind-options ${text}`;
  if (!PLAIN_WORDS.test(options)) return {};
  const kept = options.replace(/ (?:ssl-m(?:in|ax)-ver \S+|(?:no|force)-(?:ssl|tls)v\S+)/g, "");
  return replacing(at, `${kept} ssl-min-ver TLSv1.2`);
}
