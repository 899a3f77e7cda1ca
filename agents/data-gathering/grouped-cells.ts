/** Sums by group and period in flat arrays, so that a million of them take some tens of megabytes. */
export class GroupedCells {
  private readonly measures: number;
  private sums: Float64Array;
  private rows: Uint32Array;
  private firstLines: Float64Array;
  private lastLines: Float64Array;
  private used = 0;

  constructor(measures: number) {
    this.measures = measures;
    this.sums = new Float64Array(1024 * measures);
    this.rows = new Uint32Array(1024);
    this.firstLines = new Float64Array(1024);
    this.lastLines = new Float64Array(1024);
  }

  get size(): number {
    return this.used;
  }

  /** The number of a new cell. */
  add(): number {
    if (this.used === this.rows.length) this.grow();
    this.used += 1;
    return this.used - 1;
  }

  count(cell: number, line: number, values: readonly number[]): void {
    const { measures, sums } = this;
    if (this.rows[cell] === 0) this.firstLines[cell] = line;
    this.rows[cell]! += 1;
    this.lastLines[cell] = line;
    for (let measure = 0; measure < measures; measure += 1)
      sums[cell * measures + measure]! += values[measure]!;
  }

  sumOf(cell: number, measure: number): number {
    return this.sums[cell * this.measures + measure]!;
  }

  /** How many rows were added up, and between which lines they stand. */
  originOf(cell: number): { rows: number; firstLine: number; lastLine: number } {
    return { rows: this.rows[cell]!, firstLine: this.firstLines[cell]!, lastLine: this.lastLines[cell]! };
  }

  private grow(): void {
    const copy = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.sums = copy(this.sums, new Float64Array(this.sums.length * 2));
    this.rows = copy(this.rows, new Uint32Array(this.rows.length * 2));
    this.firstLines = copy(this.firstLines, new Float64Array(this.firstLines.length * 2));
    this.lastLines = copy(this.lastLines, new Float64Array(this.lastLines.length * 2));
  }
}
