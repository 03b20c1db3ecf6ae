/**
 * The same function, which works out each answer once: several rules ask the same of every place of a
 * configuration. Answers are forgotten with what they are about.
 */
export function remembered<K extends WeakKey, V>(find: (about: K) => V): (about: K) => V {
  const answers = new WeakMap<K, { readonly value: V }>();
  return (about) => {
    const known = answers.get(about);
    if (known !== undefined) return known.value;
    const value = find(about);
    answers.set(about, { value });
    return value;
  };
}
