// Where is what belongs to one combination of label values? A tree with a level for each label: to find the way to a
// place costs a look into a map for each, and makes nothing.

/**
 * The places behind one beginning of a combination. A class: a call goes down several of them, and what is written into
 * an object is made anew with each object.
 */
export class Branch<Place> {
  readonly #values: readonly string[];
  readonly #make: (values: readonly string[]) => Place;
  readonly #branches = new Map<string, Branch<Place>>();
  #place: Place | undefined;

  /** `make` is called once for each combination, when its place is first asked for. */
  constructor(make: (values: readonly string[]) => Place, values: readonly string[] = []) {
    this.#make = make;
    this.#values = values;
  }

  /** The next level, where the next label has this value. */
  at(value: string): Branch<Place> {
    let branch = this.#branches.get(value);
    if (branch === undefined) {
      branch = new Branch(this.#make, [...this.#values, value]);
      this.#branches.set(value, branch);
    }
    return branch;
  }

  get place(): Place {
    return (this.#place ??= this.#make(this.#values));
  }

  /** Every place that was ever asked for, with its values. */
  *places(): Iterable<readonly [values: readonly string[], place: Place]> {
    if (this.#place !== undefined) yield [this.#values, this.#place];
    for (const branch of this.#branches.values()) yield* branch.places();
  }
}
