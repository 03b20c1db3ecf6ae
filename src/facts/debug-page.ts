/** Name of a debug page, and the texts that every one of its kind holds. */
interface Signature {
  readonly name: string;
  readonly texts: readonly string[];
  /** The last text must occur this often: one line of a trace may be a quotation. */
  readonly timesMin?: number;
}

/** In this order: a page that fits two is named by the first. Texts are those of the frameworks' own templates. */
const SIGNATURES: readonly Signature[] = [
  {
    name: "Django URLconf listing",
    texts: [
      "Using the URLconf defined in",
      "seeing this error because you have <code>DEBUG = True</code>",
    ],
  },
  {
    name: "Django debug page",
    texts: ["seeing this error because you have <code>DEBUG = True</code>"],
  },
  {
    // The plain text form, for clients that do not take HTML.
    name: "Django debug page",
    texts: ["Django Version: ", "Exception Type: ", "Traceback (most recent call last):"],
  },
  { name: "Werkzeug debugger", texts: ["// Werkzeug Debugger</title>"] },
  { name: "Werkzeug debugger", texts: ["__debugger__=yes", "EVALEX"] },
  { name: "Starlette debugger", texts: ["<title>Starlette Debugger</title>"] },
  { name: "Python traceback", texts: ["Traceback (most recent call last):", 'File "'] },
  { name: "Python traceback", texts: ["Traceback (most recent call last):", "File &quot;"] },
  { name: "Express stack trace", texts: ["<pre>", "<br> &nbsp; &nbsp;at "], timesMin: 2 },
  { name: "Node stack trace", texts: ['"stack":', "\\n    at "], timesMin: 2 },
];

/**
 * The debug page a body is; `undefined` for any other. Only answers of an error count: an article about
 * tracebacks is served with 200.
 */
export function debugSignOf(status: number, body: string): string | undefined {
  if (status < 400) return undefined;
  return SIGNATURES.find(
    ({ texts, timesMin = 1 }) =>
      texts.every((text) => body.includes(text)) &&
      body.split(texts.at(-1) ?? "", timesMin + 1).length > timesMin,
  )?.name;
}
