const TRUSTED_ALL = /(?:^|[\s,])(?:0\.0\.0\.0\/0|::\/0|\*|0\/0)(?:$|[\s,])/;
/** Half of all addresses each: together they are all. */
const HALVES = [/0\.0\.0\.0\/1(?:$|[\s,])/, /128\.0\.0\.0\/1(?:$|[\s,])/] as const;

/** Whether a list of networks holds every address of a family. */
export function holdsEveryAddress(text: string): boolean {
  return TRUSTED_ALL.test(text) || HALVES.every((half) => half.test(text));
}
