import type { By, Needs, OutsideTask, PersonTask, Schemas } from './define-agent.ts';
import { toFailure } from './failures.ts';
import { refuseUnknownOptions } from './process-fault.ts';

/** Declares artifacts that a person supplies, once what they need to see is there. Named `supply-` and the artifact unless given. */
export function person<
  P extends Schemas,
  N extends Needs = Record<never, never>,
  const Name extends string = `supply-${Extract<keyof P, string>}`,
>(definition: { name?: Name; produces: P; by: By; needs?: N }): PersonTask<NoInfer<Name>, NoInfer<N>, P> {
  refuseUnknownOptions('person', definition, ['name', 'produces', 'by', 'needs']);
  return {
    maker: 'person',
    name: definition.name ?? nameAfterArtifact('supply', definition.produces),
    needs: definition.needs ?? ({} as N),
    produces: definition.produces,
    by: definition.by,
  };
}

/** Declares artifacts that another system hands in with `client.provide`. Named `provide-` and the artifact unless given. */
export function outside<
  P extends Schemas,
  const Name extends string = `provide-${Extract<keyof P, string>}`,
>(definition: { name?: Name; produces: P }): OutsideTask<NoInfer<Name>, P> {
  refuseUnknownOptions('outside', definition, ['name', 'produces']);
  return {
    maker: 'outside',
    name: definition.name ?? nameAfterArtifact('provide', definition.produces),
    needs: {},
    produces: definition.produces,
  };
}

function nameAfterArtifact<Name extends string>(verb: string, produces: Schemas): Name {
  const [artifact, ...others] = Object.keys(produces);
  if (others.length > 0)
    throw toFailure(
      'Process.Invalid',
      `'${artifact}' and ${others.length} more are made together: give them a \`name\`.`,
    );
  return `${verb}-${artifact}` as Name;
}
