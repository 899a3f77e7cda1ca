import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** Packages that load files of their own by where they lie. */
const leftOut = [/^@temporalio\//, 'piscina'];

/**
 * Writes a program of `processes/` as one file: a process that is started and killed a hundred times would spend most
 * of its life on finding a thousand modules. It is the same code, and each module still knows where its source lies.
 */
export async function bundleProgram(name: string, file: string): Promise<void> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`processes/${name}.ts`, import.meta.url)),
    platform: 'node',
    external: leftOut,
    plugins: [
      {
        name: 'where-sources-lie',
        transform: (code, id) =>
          code.replaceAll(/\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(id).href)),
      },
    ],
  });
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
}
