import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** Text in a colour, or as it is; the caller knows the stream, so that nothing is asked of this one. */
export function styled(
  text: string,
  style: Style,
  { isColoured }: { readonly isColoured: boolean },
): string {
  return isColoured ? styleText(style, text, { validateStream: false }) : text;
}
