import type { Json } from '../contracts/json.ts';

/** Characters of base64 text that are enough to tell a secret by. */
const tellingBase64 = 6;

/** Replaces each secret in texts by its name in brackets: as it is, as URLs and JSON write it, and within base64. */
export function createConcealer(secrets: { readonly [name: string]: string }): (text: string) => string {
  const forms = Object.entries(secrets)
    .flatMap(([name, secret]) => formsOf(secret).map((form) => ({ form, name })))
    // A form may hold a shorter one.
    .toSorted((one, other) => other.form.length - one.form.length);
  return (text) => forms.reduce((told, { form, name }) => told.replaceAll(form, `[${name}]`), text);
}

/** A JSON value with its texts concealed, member names too; null where it is not JSON. */
export function concealIn(conceal: (text: string) => string, value: unknown): Json {
  try {
    const concealed: unknown = JSON.parse(
      JSON.stringify(value, (_name, member: unknown) => {
        if (typeof member === 'string') return conceal(member);
        if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
        return Object.fromEntries(Object.entries(member).map(([name, one]) => [conceal(name), one]));
      }),
    );
    return concealed as Json;
  } catch {
    return null;
  }
}

/** As it was before it was put into an address; as it stands where it was not. */
function decode(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

function formsOf(secret: string): string[] {
  // An address with a password in it: errors may tell parts of it.
  const password = URL.parse(secret)?.password ?? '';
  const secrets = password === '' ? [secret] : [secret, password, decode(password)];
  return [
    ...new Set(
      secrets.flatMap((one) => [
        one,
        encodeURIComponent(one.toWellFormed()),
        JSON.stringify(one).slice(1, -1),
        ...base64FormsOf(one),
      ]),
    ),
  ];
}

/** What base64 makes of it, wherever in a longer text it stands (as a password does in a header's `user:password`). */
function base64FormsOf(secret: string): string[] {
  return [0, 1, 2].flatMap((ahead) => {
    const bytes = Buffer.concat([Buffer.alloc(ahead), Buffer.from(secret)]);
    // Characters that also depend on the bytes before or after it say nothing of the secret alone.
    const core = (encoding: 'base64' | 'base64url'): string =>
      bytes.toString(encoding).slice(Math.ceil((ahead * 4) / 3), Math.floor((bytes.length * 4) / 3));
    return [core('base64'), core('base64url')].filter((form) => form.length >= tellingBase64);
  });
}
