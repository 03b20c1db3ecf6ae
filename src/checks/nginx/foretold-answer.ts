import type { HttpExchange, HttpField } from "../../core/http-site.ts";

/** The answer a client would get by what a configuration sets, for rules made for live answers: a page over https. */
export function foretoldAnswer(fields: readonly HttpField[]): HttpExchange {
  return {
    method: "GET",
    url: "https://plimsoll.invalid/",
    status: 200,
    fields,
    protocol: "HTTP/1.1",
    address: "",
    headerBytes: 0,
    elapsedMs: 0,
    body: { sizeBytes: 0, codings: [], sha256: "", sha384: "", sha512: "", isTextCut: false },
  };
}
