import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { compressionCodec } from './compression-codec.ts';
import { signatureCodec } from './signature-codec.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** What client, worker and replayer share: how signed acts and long messages travel. */
export const dataConverter: DataConverter = {
  payloadConverterPath: fileURLToPath(new URL(`./payload-converter.${extension}`, import.meta.url)),
  payloadCodecs: [signatureCodec, compressionCodec],
};
