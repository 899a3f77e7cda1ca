import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Engine } from './engine.ts';
import type { Database, Writing } from './tables.ts';

class Placeholder {
  readonly name: PropertyKey;
  constructor(name: PropertyKey) {
    this.name = name;
  }
}

/** A query that is built once for an engine and then run with other values: for those that every commit runs. */
export function prepareQuery<Values extends object, Row>(
  build: (
    tx: Writing | Database,
    value: <Name extends keyof Values>(name: Name) => Values[Name],
    engine: Engine,
  ) => Compilable<Row>,
): (tx: Writing | Database, engine: Engine, values: Values) => Promise<QueryResult<Row>> {
  const built = new WeakMap<Engine, CompiledQuery<Row>>();
  return (tx, engine, values) => {
    let query = built.get(engine);
    if (!query) {
      query = build(tx, (name) => new Placeholder(name) as never, engine).compile();
      built.set(engine, query);
    }
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.name as keyof Values] : parameter,
    );
    return tx.executeQuery({ ...query, parameters });
  };
}
