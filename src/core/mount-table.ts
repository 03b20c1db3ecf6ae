/** One line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly point: string;
  readonly type: string | undefined;
  /** `major:minor`. */
  readonly device: string | undefined;
}

/** The mounts in the order they were made: of those on one point the last one is on top. */
export function readMountTable(mountinfo: string): readonly Mount[] {
  return mountinfo.split("\n").flatMap((line) => {
    const words = line.split(" ");
    // Blanks and backslashes are written as octal numbers.
    const point = words[4]?.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    return point === undefined
      ? []
      : [{ point, type: words[words.indexOf("-") + 1], device: words[2] }];
  });
}
