/** One change to bytes; positions are folded into what is there. */
export type Edit =
  | { readonly do: "set"; readonly at: number; readonly octet: number }
  | { readonly do: "drop"; readonly at: number; readonly count: number }
  | { readonly do: "double"; readonly at: number; readonly count: number }
  | { readonly do: "cut"; readonly at: number }
  | { readonly do: "insert"; readonly at: number; readonly octets: Uint8Array };

/** `source` after `edits`, one after the other; for tests of decoders. */
export function edited(source: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce(editedOnce, source);
}

function editedOnce(bytes: Uint8Array, edit: Edit): Uint8Array {
  const at = edit.at % (bytes.length + 1);
  const before = bytes.subarray(0, at);
  const behind = bytes.subarray(at);
  switch (edit.do) {
    case "set":
      return join(before, Uint8Array.of(edit.octet).subarray(0, behind.length), behind.subarray(1));
    case "drop":
      return join(before, behind.subarray(edit.count));
    case "double":
      return join(before, behind.subarray(0, edit.count), behind);
    case "cut":
      return before;
    case "insert":
      return join(before, edit.octets, behind);
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
