export interface LeastSquaresProblem {
  /** Starting point, one entry a parameter. */
  start: readonly number[];
  /** By how much each parameter is moved to see its influence; about a thousandth of its usual size. */
  nudges: readonly number[];
  /** Number of residuals. */
  size: number;
  /** Writes the residuals at a point; false where the point lies outside the model's domain. */
  residuals(point: Float64Array, into: Float64Array): boolean;
  maxIterations: number;
}

export interface LeastSquares {
  point: Float64Array;
  /** Sum of squared residuals; Infinity if even the start lay outside the domain. */
  squares: number;
}

function sumSquares(residuals: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < residuals.length; index++) sum += residuals[index]! * residuals[index]!;
  return Number.isNaN(sum) ? Infinity : sum;
}

/** Solves the symmetric system in place by Cholesky; false if the matrix is not positive definite. */
export function solveSymmetric(matrix: Float64Array, vector: Float64Array): boolean {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let inner = 0; inner < column; inner++) {
        sum -= matrix[row * size + inner]! * matrix[column * size + inner]!;
      }
      if (row === column) {
        if (!(sum > 0)) return false;
        matrix[row * size + row] = Math.sqrt(sum);
      } else matrix[row * size + column] = sum / matrix[column * size + column]!;
    }
  }
  for (let row = 0; row < size; row++) {
    let sum = vector[row]!;
    for (let inner = 0; inner < row; inner++) sum -= matrix[row * size + inner]! * vector[inner]!;
    vector[row] = sum / matrix[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row]!;
    for (let inner = row + 1; inner < size; inner++) sum -= matrix[inner * size + row]! * vector[inner]!;
    vector[row] = sum / matrix[row * size + row]!;
  }
  return true;
}

/** Levenberg-Marquardt with a numerical Jacobian: a local minimum of the sum of squared residuals. */
export function minimiseSquares(problem: LeastSquaresProblem): LeastSquares {
  const { nudges, size, maxIterations } = problem;
  const width = problem.start.length;
  let point = Float64Array.from(problem.start);
  let residuals = new Float64Array(size);
  if (!problem.residuals(point, residuals)) return { point, squares: Infinity };
  let squares = sumSquares(residuals);
  const columns = Array.from({ length: width }, () => new Float64Array(size));
  const normal = new Float64Array(width * width);
  const gradient = new Float64Array(width);
  const damped = new Float64Array(width * width);
  let trial = new Float64Array(width);
  let trialResiduals = new Float64Array(size);
  let damping = 1e-2;

  for (let iteration = 0; iteration < maxIterations && squares > 0; iteration++) {
    for (let axis = 0; axis < width; axis++) {
      const column = columns[axis]!;
      const origin = point[axis]!;
      let nudge = nudges[axis]!;
      point[axis] = origin + nudge;
      if (!problem.residuals(point, column)) {
        nudge = -nudge;
        point[axis] = origin + nudge;
        if (!problem.residuals(point, column)) column.set(residuals);
      }
      point[axis] = origin;
      for (let index = 0; index < size; index++) column[index] = (column[index]! - residuals[index]!) / nudge;
    }
    for (let row = 0; row < width; row++) {
      const left = columns[row]!;
      let slope = 0;
      for (let index = 0; index < size; index++) slope -= left[index]! * residuals[index]!;
      gradient[row] = slope;
      for (let column = 0; column <= row; column++) {
        const right = columns[column]!;
        let product = 0;
        for (let index = 0; index < size; index++) product += left[index]! * right[index]!;
        normal[row * width + column] = product;
        normal[column * width + row] = product;
      }
    }
    let improved = false;
    while (!improved && damping < 1e8) {
      damped.set(normal);
      for (let axis = 0; axis < width; axis++) {
        const diagonal = normal[axis * width + axis]!;
        damped[axis * width + axis] = diagonal * (1 + damping) + Number.MIN_VALUE;
      }
      trial.set(gradient);
      if (solveSymmetric(damped, trial)) {
        for (let axis = 0; axis < width; axis++) trial[axis] = trial[axis]! + point[axis]!;
        if (problem.residuals(trial, trialResiduals)) improved = sumSquares(trialResiduals) < squares;
      }
      damping *= improved ? 0.2 : 5;
    }
    if (!improved) break;
    const before = squares;
    squares = sumSquares(trialResiduals);
    [point, trial] = [trial, point];
    [residuals, trialResiduals] = [trialResiduals, residuals];
    if (before - squares < 1e-5 * before) break;
  }
  return { point, squares };
}

/** Maps the whole line onto an open interval, so that bounded parameters can be fitted without bounds. */
export function squash(free: number, lowest: number, highest: number): number {
  return lowest + (highest - lowest) / (1 + Math.exp(-free));
}

/** The inverse of `squash`. */
export function stretch(bounded: number, lowest: number, highest: number): number {
  return -Math.log((highest - lowest) / (bounded - lowest) - 1);
}
