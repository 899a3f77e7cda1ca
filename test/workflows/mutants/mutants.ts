export const mutants: import('./mutate.ts').Mutant[] = [];
