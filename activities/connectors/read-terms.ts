import type { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';

/** A destination or arguments in a connector's own terms; refuses what is not in them, by name. */
export function readTerms<T extends z.ZodType>(schema: T, value: Json, what: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.');
  throw new ConnectorRefused(`${what}: ${place ? `${place}: ` : ''}${issue?.message}`);
}
