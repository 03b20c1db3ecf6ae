import { FOREIGN_ORIGIN, type OriginKind } from "../../core/http-site.ts";

/** The origins a page is asked with, beside a wholly foreign one; nobody has the names, as `.invalid` is nobody's. */
export function crossOrigins({
  protocol,
  host,
  hostname,
}: URL): readonly { readonly kind: OriginKind; readonly origin: string }[] {
  const foreign = new URL(FOREIGN_ORIGIN).hostname;
  const isName = /[a-z]/i.test(hostname) && !hostname.startsWith("[");
  return [
    { kind: "null", origin: "null" },
    ...(isName
      ? ([
          { kind: "name-as-prefix", origin: `https://${hostname}.${foreign}` },
          { kind: "name-as-suffix", origin: `https://plimsoll-foreign${hostname}` },
        ] as const)
      : []),
    ...(protocol === "https:" ? ([{ kind: "http", origin: `http://${host}` }] as const) : []),
  ];
}
