/** Longest word a suggestion is looked for; longer ones are no slip of the pen. */
const SUGGESTION_LENGTH_MAX = 40;

/** The known word nearest to `word` by at most two edits (one for short words), or none. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (word.length > SUGGESTION_LENGTH_MAX) return undefined;
  const limit = word.length > 5 ? 2 : 1;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    if (Math.abs(name.length - word.length) > limit) continue;
    const distance = editDistance(word, name);
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { name, distance };
  }
  return best?.name;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
