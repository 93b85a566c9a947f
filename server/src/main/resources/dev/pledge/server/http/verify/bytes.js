// Bytes, their texts, and what is thrown where something is not as it must be.

/** Something does not hold; `code` says what, `facts` fill its sentence, `trail` shows the way to it. */
export class Fault extends Error {
  constructor(code, facts = {}, trail = []) {
    super(code);
    this.code = code;
    this.facts = facts;
    this.trail = trail;
  }
}

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

export function hex(bytes) {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The 32 bytes of a hash in lower-case hex. */
export function hash(text) {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) {
    throw new Fault('hash-malformed');
  }
  return Uint8Array.from(text.match(/../g), pair => Number.parseInt(pair, 16));
}

export function hashes(list) {
  if (!Array.isArray(list)) {
    throw new Fault('hash-malformed');
  }
  return list.map(hash);
}

export function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** Null for what is not the one way to write its bytes: browsers read more than the standard has. */
export function unbase64(text) {
  try {
    const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0));
    return base64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));
}
