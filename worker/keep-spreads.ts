import type { BundleOptions } from '@temporalio/worker';

type Hook = NonNullable<BundleOptions['webpackConfigHook']>;

/**
 * Temporal's bundler writes TypeScript down to ECMAScript 2017, in which each spread of an object becomes a loop that
 * defines its members one by one: half of what a run over a thousand elements did in the sandbox.
 */
export const keepSpreads: Hook = (config) => {
  for (const rule of config.module?.rules ?? []) {
    if (typeof rule !== 'object' || !rule || typeof rule.use !== 'object' || !('options' in rule.use))
      continue;
    const { options } = rule.use;
    if (typeof options === 'object' && 'jsc' in options)
      options['jsc'] = { ...(options['jsc'] as object), target: 'es2022' };
  }
  return config;
};
