/** The path of a request target as nginx matches locations against it, or why it answers 400. */
export type RequestUri =
  | { readonly state: "valid"; readonly path: string }
  | { readonly state: "invalid"; readonly because: string };

/**
 * Normalises a request target in origin form as `ngx_http_parse_complex_uri` (nginx 1.22.1): query and
 * fragment cut off, `%XX` decoded once, `//` merged (`merge_slashes`, on by default), `.` and `..`
 * resolved. Bytes that are no UTF-8 come out as U+FFFD.
 */
export function normalizeUri(target: string, mergesSlashes = true): RequestUri {
  if (!target.startsWith("/")) return invalid("it does not begin with a slash");
  // Refused since nginx 1.21.1.
  if (/[^!-~\x80-\uffff]/.test(target)) return invalid("it holds a blank or a control character");
  const end = target.search(/[?#]/);
  const decoded = decodePercent(end === -1 ? target : target.slice(0, end));
  if (decoded === undefined)
    return invalid("it holds a percent sign without two hexadecimal digits");
  if (decoded.includes("\0")) return invalid("it holds a zero byte");
  const segments = resolveDots(decoded, mergesSlashes);
  return segments === undefined
    ? invalid("it leads above the root")
    : { state: "valid", path: `/${segments.join("/")}` };
}

function invalid(because: string): RequestUri {
  return { state: "invalid", because };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

const PERCENT = 0x25;

/** nginx decodes before it looks at dots and slashes: `%2e%2e%2f` is `../`. */
function decodePercent(path: string): string | undefined {
  if (!path.includes("%")) return path;
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return undefined;
  const encoded = encoder.encode(path);
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at += 1) {
    const byte = encoded[at] ?? 0;
    if (byte !== PERCENT) {
      bytes.push(byte);
      continue;
    }
    const digits = String.fromCharCode(encoded[at + 1] ?? 0, encoded[at + 2] ?? 0);
    bytes.push(Number.parseInt(digits, 16));
    at += 2;
  }
  return decoder.decode(Uint8Array.from(bytes));
}

/** The last segment is empty where the path ends in a slash, `.` or `..`. */
function resolveDots(path: string, mergesSlashes: boolean): readonly string[] | undefined {
  const raw = path.slice(1).split("/");
  const last = raw.pop() ?? "";
  const segments: string[] = [];
  for (const segment of raw) {
    if (!addSegment(segments, segment, mergesSlashes)) return undefined;
  }
  if (last !== "." && last !== "..") return [...segments, last];
  return addSegment(segments, last, mergesSlashes) ? [...segments, ""] : undefined;
}

/** Whether the path is still below the root. */
function addSegment(segments: string[], segment: string, mergesSlashes: boolean): boolean {
  if (segment === "..") return segments.pop() !== undefined;
  if (segment !== "." && (segment !== "" || !mergesSlashes)) segments.push(segment);
  return true;
}
