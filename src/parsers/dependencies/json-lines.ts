/** Where the objects of indented JSON begin: a key, and of several with one key the n-th. */
export interface KeyLines {
  /** From 1; `undefined` where the text is not indented line by line. */
  readonly lineOf: (key: string, occurrence?: number) => number | undefined;
}

const KEY = /^\s*("(?:[^"\\]|\\.)*")\s*:\s*\{/;

export function keyLines(text: string): KeyLines {
  const lines = new Map<string, number[]>();
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    const key = KEY.exec(line)?.[1];
    if (key === undefined) continue;
    const found = lines.get(key) ?? [];
    lines.set(key, found);
    found.push(number);
  }
  return { lineOf: (key, occurrence = 0) => lines.get(JSON.stringify(key))?.[occurrence] };
}
