// Signed notes (C2SP signed-note), and the two texts that a log signs: promises and checkpoints.

import {isOfPrimeOrder, verify as verifyHere} from './ed25519.js';
import {Fault, equal, hex, sha256, unbase64, utf8} from './bytes.js';

const ED25519 = 1;
const MOST_SIGNATURES = 100;
const LONGEST = 1_000_000;

/** A verifier key, whose id must be that of its name and key. */
async function verifierKey(line) {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line);
  const key = parts && unbase64(parts[3]);
  if (!key || key.length !== 33 || key[0] !== ED25519 || !isOfPrimeOrder(key.slice(1))) {
    throw new Fault('key-malformed');
  }
  const [, name, stated] = parts;
  const id = (await sha256(utf8(name + '\n'), key)).slice(0, 4);
  if (hex(id) !== stated) {
    throw new Fault('key-id', {computed: hex(id), stated});
  }
  return {text: line, name, id, publicKey: key.slice(1)};
}

/** The verifier keys of one log, a line each: one, or several while it changes its key. */
export async function verifierKeys(text) {
  const keys = await Promise.all(text.trim().split(/\s*\n/).map(verifierKey));
  if (keys.some(key => key.name !== keys[0].name)) {
    throw new Fault('key-malformed');
  }
  return keys;
}

/** Keys that one log has signed with before, a line each, with until when. */
export async function retiredKeys(text) {
  return Promise.all(text.trim().split('\n').map(async line => {
    const [key, end] = line.split(' ');
    const until = new Date(end);
    if (Number.isNaN(until.getTime())) {
      throw new Fault('key-malformed');
    }
    return {...await verifierKey(key), until};
  }));
}

function named({name, id}) {
  return `${name}+${hex(id)}`;
}

function parsed(note) {
  const bytes = utf8(note);
  const isPlain = bytes.every(byte => byte >= 0x20 || byte === 0x0a);
  const end = note.lastIndexOf('\n\n');
  if (bytes.length > LONGEST || !isPlain || end < 0 || !note.endsWith('\n')) {
    throw new Fault('note-malformed');
  }
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) {
    throw new Fault('note-malformed');
  }
  const signatures = lines.map(line => {
    const parts = /^\u2014 ([^\s+]+) (\S+)$/u.exec(line);
    const signed = parts && unbase64(parts[2]);
    if (!signed || signed.length < 5) {
      throw new Fault('note-malformed');
    }
    return {name: parts[1], id: signed.slice(0, 4), signature: signed.slice(4)};
  });
  return {text: note.slice(0, end + 1), signatures};
}

async function isSignedBy(key, signature, message) {
  try {
    const imported =
      await crypto.subtle.importKey('raw', key.publicKey, {name: 'Ed25519'}, false, ['verify']);
    return {
      by: 'WebCrypto',
      holds: await crypto.subtle.verify({name: 'Ed25519'}, imported, signature, message),
    };
  } catch {
    // This browser does not know the algorithm, or takes no such key.
    return {by: 'ed25519.js', holds: await verifyHere(key.publicKey, signature, message)};
  }
}

/** The text of a note that one of the keys has signed, with that key. */
export async function open(note, keys) {
  const {text, signatures} = parsed(note);
  const own = signatures.flatMap(({name, id, signature}) =>
    keys
      .filter(key => key.name === name && equal(key.id, id))
      .map(key => ({key, signature})));
  if (own.length === 0) {
    const there = signatures.map(named).join(', ');
    throw new Fault('note-other-key', {there, key: keys.map(named).join(', ')});
  }
  let by = '';
  for (const {key, signature} of own) {
    const result = await isSignedBy(key, signature, utf8(text));
    if (!result.holds) {
      throw new Fault('note-signature', {key: named(key)});
    }
    by = result.by;
  }
  return {text, by, key: own[0].key};
}

/** What a promise says. */
export function promise(text) {
  const parts = new RegExp(
    '^([^\\n]+)\\npledge promise v1\\nleaves ([1-9][0-9]{0,17})\\nroot ([A-Za-z0-9+/]{43}=)\\n'
      + 'at ([0-9T:.Z-]{20,30})\\nwithin ([1-9][0-9]{0,8})\\n$').exec(text);
  const root = parts && unbase64(parts[3]);
  const at = parts ? Date.parse(parts[4]) : Number.NaN;
  if (!root || Number.isNaN(at)) {
    throw new Fault('promise-malformed');
  }
  return {
    origin: parts[1],
    leaves: BigInt(parts[2]),
    root,
    at: new Date(at),
    due: new Date(at + Number(parts[5]) * 1000),
  };
}

/** What a checkpoint says (C2SP tlog-checkpoint). */
export function checkpoint(text) {
  const parts =
    /^([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)$/.exec(text);
  const root = parts && unbase64(parts[3]);
  if (!root || BigInt(parts[2]) >= 2n ** 63n) {
    throw new Fault('checkpoint-malformed');
  }
  return {origin: parts[1], size: BigInt(parts[2]), root};
}

