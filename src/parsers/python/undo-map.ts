/** A map of names. What was set since a mark can be taken back, which costs as much as was set. */
export class UndoMap<T> extends Map<string, T> {
  /** What each mark's changed names were before: `undefined` for those that were not there. */
  readonly #marks: Map<string, T | undefined>[] = [];

  override set(name: string, value: T): this {
    this.#note(name);
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    this.#note(name);
    return super.delete(name);
  }

  #note(name: string): void {
    const latest = this.#marks.at(-1);
    if (latest !== undefined && !latest.has(name)) latest.set(name, this.get(name));
  }

  mark(): void {
    this.#marks.push(new Map());
  }

  /** Takes back what was changed since the latest mark, and the mark; returns what it was, `undefined` for a deleted name. */
  takeBack(): ReadonlyMap<string, T | undefined> {
    const changes = new Map<string, T | undefined>();
    for (const [name, before] of this.#marks.pop() ?? []) {
      changes.set(name, this.get(name));
      if (before === undefined) super.delete(name);
      else super.set(name, before);
    }
    return changes;
  }
}
