const LINES_MAX = 200;
const FOLLOWING_MAX = 400;
/** Steps that only make files of the image: the key they are given signs nothing. */
const ASSET_STEP =
  /collectstatic|compress|compilemessages|makemessages|precompile|webpack|(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?build|manage\.py\s|prisma\s+generate|next\s+build|vite\s+build/;

/** Whether a line of a Dockerfile belongs to ARG, or to a RUN that only makes files of the image. */
export function isBuildStep(text: string, start: number, line: string): boolean {
  let from = start;
  let first = line;
  let at = start;
  for (let lines = 0; lines < LINES_MAX && at > 0; lines += 1) {
    const previous = text.lastIndexOf("\n", at - 2) + 1;
    const above = text.slice(previous, at - 1);
    at = previous;
    // A comment within an instruction does not end it; one above it is no part of it.
    if (/^\s*#/.test(above)) continue;
    if (!/\\\s*$/.test(above)) break;
    from = previous;
    first = above;
  }
  if (/^\s*ARG\s/i.test(first)) return true;
  const rest = text.slice(from, start + line.length + FOLLOWING_MAX);
  return /^\s*RUN\s/i.test(first) && ASSET_STEP.test(rest);
}
