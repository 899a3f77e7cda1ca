import { expect, test } from 'vitest';
import { requirePackage } from '../../../activities/connectors/require-package.ts';

test('a package that is not there is named, with the command that installs it', () => {
  expect(() => requirePackage('nodemailer', '10', 'mailConnector')).not.toThrow();
  let failure: unknown;
  try {
    requirePackage('not-a-package-of-anybody', '7', 'someConnector');
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({
    type: 'Package.Missing',
    message:
      'someConnector needs the package not-a-package-of-anybody, which is not installed: npm install not-a-package-of-anybody@7',
  });
});
