// Proofs about Merkle trees, with every bound of RFC 9162 §2.1.3.2 and §2.1.4.2. Sizes and places are
// BigInts. What comes back, and what a Fault carries, is the trail: each hash computed on the way.

import {Fault, equal, hex, sha256} from './bytes.js';

const INNER = Uint8Array.of(1);

function joined(left, right) {
  return sha256(INNER, left, right);
}

/** That the tree of that size and root has the leaf at that place, counted from 0. */
export async function inclusion(leaf, index, size, root, proof) {
  const trail = [{result: hex(leaf)}];
  if (index < 0n || index >= size) {
    throw new Fault('proof-place', {}, trail);
  }
  let node = index;
  let last = size - 1n;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0n) {
      throw new Fault('proof-long', {}, trail);
    }
    const isLeft = node % 2n === 1n || node === last;
    hash = isLeft ? await joined(sibling, hash) : await joined(hash, sibling);
    trail.push({side: isLeft ? 'left' : 'right', sibling: hex(sibling), result: hex(hash)});
    while (isLeft && node % 2n === 0n && node !== 0n) {
      node >>= 1n;
      last >>= 1n;
    }
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) {
    throw new Fault('proof-short', {}, trail);
  }
  if (!equal(hash, root)) {
    throw new Fault('root', {root: hex(root)}, trail);
  }
  return trail;
}

/** That the newer tree begins with all leaves of the older one. */
export async function consistency(olderSize, olderRoot, newerSize, newerRoot, proof) {
  const trail = [];
  if (olderSize < 0n || newerSize < olderSize) {
    throw new Fault('log-shrank', {older: olderSize, newer: newerSize});
  }
  if (olderSize === newerSize) {
    if (proof.length > 0) {
      throw new Fault('proof-long');
    }
    if (!equal(olderRoot, newerRoot)) {
      throw new Fault('log-differs', {size: newerSize});
    }
    return trail;
  }
  if (olderSize === 0n || proof.length === 0) {
    throw new Fault('proof-short');
  }
  const isWhole = (olderSize & (olderSize - 1n)) === 0n;
  let older = isWhole ? olderRoot : proof[0];
  let newer = older;
  trail.push({result: hex(older)});
  let node = olderSize - 1n;
  let last = newerSize - 1n;
  while (node % 2n === 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  for (const sibling of isWhole ? proof : proof.slice(1)) {
    if (last === 0n) {
      throw new Fault('proof-long', {}, trail);
    }
    const isLeft = node % 2n === 1n || node === last;
    if (isLeft) {
      older = await joined(sibling, older);
      newer = await joined(sibling, newer);
    } else {
      newer = await joined(newer, sibling);
    }
    trail.push({
      side: isLeft ? 'left' : 'right',
      sibling: hex(sibling),
      older: hex(older),
      result: hex(newer),
    });
    while (isLeft && node % 2n === 0n && node !== 0n) {
      node >>= 1n;
      last >>= 1n;
    }
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) {
    throw new Fault('proof-short', {}, trail);
  }
  if (!equal(older, olderRoot)) {
    throw new Fault('grown-otherwise', {root: hex(olderRoot)}, trail);
  }
  if (!equal(newer, newerRoot)) {
    throw new Fault('grown-otherwise', {root: hex(newerRoot)}, trail);
  }
  return trail;
}
