// Verifies Ed25519 signatures (RFC 8032 §5.1.7), for browsers whose WebCrypto does not. Plain rather
// than fast, and not in constant time: nothing here is secret.

import {concat, equal} from './bytes.js';

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function mod(a) {
  const rest = a % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) {
      result = mod(result * square);
    }
    square = mod(square * square);
  }
  return result;
}

function inverse(a) {
  return power(a, P - 2n);
}

const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

function littleEndian(bytes) {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

// A point is (x : y : z : t) with x·y = z·t, as in §5.1.4.
const NEUTRAL = {x: 0n, y: 1n, z: 1n, t: 0n};

/** The sum; the formula holds for any two points, equal ones too. */
function add(p, q) {
  const a = mod((p.y - p.x) * (q.y - q.x));
  const b = mod((p.y + p.x) * (q.y + q.x));
  const c = mod(2n * p.t * q.t * D);
  const d = mod(2n * p.z * q.z);
  const e = b - a;
  const f = d - c;
  const g = d + c;
  const h = b + a;
  return {x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h)};
}

function negated(p) {
  return {x: mod(-p.x), y: p.y, z: p.z, t: mod(-p.t)};
}

function multiply(p, factor) {
  let sum = NEUTRAL;
  let doubled = p;
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) {
      sum = add(sum, doubled);
    }
    doubled = add(doubled, doubled);
  }
  return sum;
}

/** The point with that y and lowest bit of x; null if the curve has none (§5.1.3). */
function point(y, bit) {
  if (y >= P) {
    return null;
  }
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  const v3 = mod(v * v * v);
  let x = mod(u * v3 * power(u * v3 * v3 * v, (P - 5n) / 8n));
  const square = mod(v * x * x);
  if (square === mod(-u)) {
    x = mod(x * ROOT_OF_MINUS_ONE);
  } else if (square !== u) {
    return null;
  }
  if (x === 0n && bit === 1n) {
    return null;
  }
  if ((x & 1n) !== bit) {
    x = P - x;
  }
  return {x, y, z: 1n, t: mod(x * y)};
}

function decoded(bytes) {
  const number = littleEndian(bytes);
  return point(number & (2n ** 255n - 1n), number >> 255n);
}

function encoded(p) {
  const z = inverse(p.z);
  let number = mod(p.y * z) | ((mod(p.x * z) & 1n) << 255n);
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) {
    bytes[i] = Number(number & 255n);
    number >>= 8n;
  }
  return bytes;
}

/** Whether it is a key that one holder can have: under one of small order many signatures verify. */
export function isOfPrimeOrder(publicKey) {
  const a = decoded(publicKey);
  const isNeutral = p => equal(encoded(p), encoded(NEUTRAL));
  return a !== null && !isNeutral(a) && isNeutral(multiply(a, ORDER));
}

const BASE = point(mod(4n * inverse(5n)), 0n);

/** Whether the holder of the key signed the message. */
export async function verify(publicKey, signature, message) {
  if (publicKey.length !== 32 || signature.length !== 64) {
    return false;
  }
  const a = decoded(publicKey);
  const r = signature.slice(0, 32);
  const s = littleEndian(signature.slice(32));
  if (a === null || s >= ORDER) {
    return false;
  }
  const digest = await crypto.subtle.digest('SHA-512', concat(r, publicKey, message));
  const k = littleEndian(new Uint8Array(digest)) % ORDER;
  return equal(encoded(add(multiply(BASE, s), multiply(negated(a), k))), r);
}
