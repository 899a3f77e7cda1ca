/** A method fitted to one series; `forecastFrom` answers for any origin without fitting again. */
export interface FittedMethod {
  /** What was fitted, in words an analyst knows, such as `ETS(M,Ad,M)`. */
  description: string;
  /** The first origin from which a forecast means something: before it the method was still warming up. */
  warmUp: number;
  /** Point forecasts of the `horizon` steps after the first `origin` observations. */
  forecastFrom(origin: number, horizon: number): Float64Array;
  /** The methods that were joined, where it is a combination. */
  members?: FittedMethod[];
}
