export function isEmail(cell: string): boolean {
  return cell.length <= 254 && /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/.test(cell);
}

/** A letter or two, six digits, and a check digit in brackets or not: A123456(3). */
export function isHongKongIdentity(cell: string): boolean {
  const parts = /^([A-Z]?)([A-Z])(\d{6})(?:\(([\dA])\)|([\dA]))$/i.exec(cell.toUpperCase());
  if (!parts) return false;
  const [, first = '', second = '', digits = '', inBrackets, bare] = parts;
  const letters = [first === '' ? 36 : first.charCodeAt(0) - 55, second.charCodeAt(0) - 55];
  const check = inBrackets ?? bare;
  const values = [...letters, ...Array.from(digits, Number), check === 'A' ? 10 : Number(check)];
  return values.reduce((sum, value, at) => sum + value * (9 - at), 0) % 11 === 0;
}

/** A letter for the place, and nine digits of which the last is the check digit: A123456789. */
export function isTaiwanIdentity(cell: string): boolean {
  if (!/^[A-Z][1289]\d{8}$/i.test(cell)) return false;
  const place = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(cell.charAt(0).toUpperCase()) + 10;
  const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];
  const values = [Math.floor(place / 10), place % 10, ...Array.from(cell.slice(1), Number)];
  return values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0) % 10 === 0;
}

/** 13 to 19 digits that begin as cards do and hold by Luhn's check. */
export function isCardNumber(cell: string): boolean {
  const digits = cell.replaceAll(/[ -]/g, '');
  if (!/^[3-6]\d{12,18}$/.test(digits) || !/^[\d -]+$/.test(cell)) return false;
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((all, digit, at) => all + (at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0);
  return sum % 10 === 0;
}

/** With a country's code, or parted as telephone numbers are; bare digits are figures as far as can be told. */
export function isPhone(cell: string): boolean {
  const digits = cell.replaceAll(/\D/g, '');
  if (digits.length < 8 || digits.length > 15) return false;
  if (/^\+\d[\d ().-]+$/.test(cell)) return true;
  return /^(?:\(0?\d{1,4}\)|0\d{1,4})[ -]\d{3,4}[ -]?\d{3,4}$|^09\d{2}-?\d{3}-?\d{3}$/.test(cell);
}

/** Text for a message, without what could tell a person: addresses of mail, identity and card numbers. */
export function redact(text: string): string {
  return text
    .replaceAll(/[^\s@"',;<>]{1,64}@[^\s@"',;<>]{1,190}/g, (found) =>
      found.includes('.') ? '[email]' : found,
    )
    .replaceAll(/\b[A-Z]{1,2}\d{6}(?:\([\dA]\)|[\dA])|\b[A-Z]\d{9}\b/gi, (found) =>
      isHongKongIdentity(found) || isTaiwanIdentity(found) ? '[identity number]' : found,
    )
    .replaceAll(/\b[3-6](?:[ -]?\d){12,18}\b/g, (found) => (isCardNumber(found) ? '[card number]' : found));
}
