// The page that verifies a receipt. Nothing is believed but the verifier key: every hash and signature
// is computed here, step by step, and each step says what it found.

import {Fault, hash, hashes, hex} from './bytes.js';
import {consistency, inclusion} from './merkle.js';
import {checkpoint, open, promise, retiredKeys, verifierKeys} from './note.js';
import {words} from './words.js';

const STEPS = ['promise', 'batch', 'checkpoint', 'position', 'growth'];
const ICONS = {
  waiting: '\u25cb', // circle
  running: '\u2026', // dots
  good: '\u2713', // tick
  bad: '\u2717', // cross
  later: '\u25f7', // clock hand
  noted: '\u25cf', // dot
  care: '!',
  skipped: '\u2013', // dash
};
const LARGEST_FILE = 4_000_000;

/** What a step may fail by without the log having done anything wrong. */
const UNSETTLED = new Set(['unreachable', 'key-malformed', 'key-id', 'earlier-unusable']);

/** The steps that an error in copying the receipt is enough to fail. */
const COPIED = new Set(['promise', 'batch', 'position']);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const {say, list, state: stateWord, verdict: verdictWord, knows} = words(document.documentElement.lang);
const main = document.querySelector('main');
const logs = JSON.parse(main.dataset.logs); // what each is called here, by its name to the world
let log = logCalled('');
const form = document.querySelector('form');
const pastedReceipt = document.querySelector('#receipt');
const pastedKey = document.querySelector('#key');
const pastedCheckpoint = document.querySelector('#earlier');
const file = document.querySelector('#file');
const trouble = document.querySelector('#trouble');
const verdict = document.querySelector('#verdict');
const button = form.querySelector('button');

/** Where to ask the log of that name to the world; another's receipt is held against the first. */
function logCalled(name) {
  return '/v1/audit/' + (Object.hasOwn(logs, name) ? logs[name] : Object.values(logs)[0]);
}

// ---------------------------------------------------------------- showing

function element(name, text, ...classes) {
  const made = document.createElement(name);
  made.textContent = text;
  made.classList.add(...classes);
  return made;
}

function time(date) {
  return date.toISOString().replace(/\.\d+/, '').replace('T', ' ').replace('Z', ' UTC');
}

function mark(place, state, text) {
  place.dataset.state = state;
  place.querySelector('.icon').textContent = ICONS[state];
  place.querySelector('.word').textContent = (place === verdict ? verdictWord : stateWord)(state);
  place.querySelector('.found').textContent = text;
}

/** Shows what came of a step. Each detail is a label and what it is about, or a hash of a trail. */
function show(step, state, text, details = []) {
  const place = document.querySelector('#step-' + step);
  mark(place, state, text);
  const list = place.querySelector('.computed');
  list.replaceChildren();
  for (const [label, value] of details) {
    list.append(element('dt', label), element('dd', value));
  }
  place.querySelector('details').hidden = details.length === 0;
}

function trailed(trail, first) {
  return trail.flatMap(each => {
    if (each.side === undefined) {
      return [[say(first), each.result]];
    }
    const steps = [[say(each.side), each.sibling]];
    if (each.older === undefined) {
      steps.push([say('gives'), each.result]);
    } else {
      steps.push([say('gives-older'), each.older], [say('gives-newer'), each.result]);
    }
    return steps;
  });
}

function sentence(fault) {
  return knows(fault.code) ? say(fault.code, fault.facts) : String(fault.message);
}

/** Runs one step; what is not as it must be is shown with it. Null if it does not hold. */
async function step(name, first, work) {
  show(name, 'running', '');
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof Fault)) {
      throw fault;
    }
    const details = trailed(fault.trail, first);
    if (fault.facts.root !== undefined) {
      details.push([say('signed'), fault.facts.root]);
    }
    show(name, UNSETTLED.has(fault.code) ? 'care' : 'bad', sentence(fault), details);
    return null;
  }
}

// ---------------------------------------------------------------- asking the log

/** The answer's text; null if there is none yet. */
async function ask(path) {
  let answer;
  try {
    answer = await fetch(log + path, {cache: 'no-store'});
  } catch {
    throw new Fault('unreachable', {what: path});
  }
  if (answer.status === 404) {
    return null;
  }
  if (!answer.ok) {
    throw new Fault('unreachable', {what: answer.status});
  }
  return answer.text();
}

async function askJson(path) {
  const text = await ask(path);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    throw new Fault('proof-malformed');
  }
}

function number(value) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Fault('proof-malformed');
  }
  return BigInt(value);
}

// ---------------------------------------------------------------- what is remembered

const MEMORY = 'pledge-checkpoint ';

function remembered(origin) {
  try {
    const kept = JSON.parse(localStorage.getItem(MEMORY + origin));
    return kept && typeof kept.note === 'string' && typeof kept.key === 'string' ? kept : null;
  } catch {
    return null;
  }
}

/** Whether the browser keeps it. */
function remember(origin, note, keys) {
  try {
    const kept = {note, key: keys.map(key => key.text).join('\n'), when: new Date().toISOString()};
    localStorage.setItem(MEMORY + origin, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

// ---------------------------------------------------------------- the steps

/** The receipt in the text: by itself, in an answer, or in a line of one. */
function receiptIn(text) {
  for (const part of [text, ...text.trim().split('\n').reverse()]) {
    let json;
    try {
      json = JSON.parse(part);
    } catch {
      continue;
    }
    const receipt = json?.receipt ?? json;
    const isReceipt =
      typeof receipt?.promise === 'string'
      && typeof receipt.log === 'string'
      && typeof receipt.leaf === 'string'
      && UUID.test(receipt.entry)
      && Number.isSafeInteger(receipt.place)
      && Array.isArray(receipt.proof);
    if (isReceipt) {
      return receipt;
    }
  }
  throw new Fault(text.trim() === '' ? 'nothing' : 'no-receipt');
}

async function keysToUse() {
  const text = pastedKey.value.trim() || (await ask('/key'));
  if (text === null) {
    throw new Fault('unreachable', {what: '/key'});
  }
  return verifierKeys(text);
}

function signedDetails({text, by, key}) {
  return [[say('text'), text], [say('key'), key.text], [say('checked'), by]];
}

function requireLog(there, of) {
  if (there !== of) {
    throw new Fault('other-log', {there, log: of});
  }
}

/** What is older than the log's key is signed with one that the log has retired. */
async function openOlder(note, keys) {
  try {
    return await open(note, keys);
  } catch (fault) {
    const text = fault.code === 'note-other-key' ? await ask('/retired-keys') : null;
    if (!text?.trim()) {
      throw fault;
    }
    return open(note, await retiredKeys(text));
  }
}

async function checkPromise(receipt, keys) {
  const opened = await openOlder(receipt.promise, keys);
  const promised = promise(opened.text);
  const {until} = opened.key;
  requireLog(receipt.log, keys[0].name);
  requireLog(promised.origin, keys[0].name);
  const isPasted = pastedKey.value.trim() !== '';
  if (until === undefined) {
    const whose = say(isPasted ? 'key-own' : 'key-given');
    const text = `${say('promise-good', {due: time(promised.due)})} ${whose}`;
    show('promise', 'good', text, signedDetails(opened));
  } else if (promised.at > until) {
    throw new Fault('promise-retired-late', {until: time(until)});
  } else {
    const code = isPasted ? 'promise-retired-asked' : 'promise-retired';
    const facts = {due: time(promised.due), until: time(until)};
    show('promise', isPasted ? 'care' : 'good', say(code, facts), signedDetails(opened));
  }
  return promised;
}

async function checkBatch(receipt, promised) {
  const place = BigInt(receipt.place);
  const trail = await inclusion(
    hash(receipt.leaf), place, promised.leaves, promised.root, hashes(receipt.proof));
  const {leaves} = promised;
  const code = leaves === 1n ? 'batch-alone' : 'batch-good';
  show('batch', 'good', say(code, {place: place + 1n, leaves}), [
    ...trailed(trail, 'leaf'),
    [say('signed'), hex(promised.root)],
  ]);
  return true;
}

async function checkCheckpoint(proof, keys) {
  const note = proof === null ? await ask('/checkpoint') : proof.checkpoint;
  if (note === null) {
    show('checkpoint', 'later', say('checkpoint-none'));
    return null;
  }
  if (typeof note !== 'string') {
    throw new Fault('proof-malformed');
  }
  const opened = await open(note, keys);
  const newest = checkpoint(opened.text);
  requireLog(newest.origin, keys[0].name);
  show('checkpoint', 'good', say('checkpoint-good', {size: newest.size}), [
    [say('note'), note],
    ...signedDetails(opened).slice(1),
  ]);
  return {...newest, note};
}

async function checkPosition(receipt, proof, newest) {
  const position = number(proof.position);
  if (number(proof.size) !== newest.size) {
    throw new Fault('size-differs', {proof: proof.size, size: newest.size});
  }
  const trail = await inclusion(
    hash(receipt.leaf), position, newest.size, newest.root, hashes(proof.proof));
  show('position', 'good', say('position-good', {position, size: newest.size}), [
    ...trailed(trail, 'leaf'),
    [say('signed'), hex(newest.root)],
  ]);
  return true;
}

/** The log's answer for an entry that no checkpoint covers. */
async function showUncovered(promised) {
  if (promised === null) {
    show('position', 'bad', say('position-unknown'));
    return;
  }
  const due = time(promised.due);
  if (Date.now() <= promised.due.getTime()) {
    show('position', 'later', say('position-later', {due}));
    return;
  }
  const {quorum = 0} = (await askJson('/anchors')) ?? {};
  if (number(quorum) > 0n) {
    show('position', 'care', say('position-unshown', {due, quorum}));
  } else {
    show('position', 'bad', say('position-late', {due}));
  }
}

/** What must lie at the beginning of the log: what this browser remembers, what was pasted. */
async function earlierCheckpoints(kept, keys) {
  const earlier = [];
  if (kept) {
    earlier.push({...kept, how: 'growth-kept', keys: await verifierKeys(kept.key)});
  }
  if (pastedCheckpoint.value.trim()) {
    const note = pastedCheckpoint.value.trim() + '\n';
    earlier.push({note, how: 'growth-pasted', keys, isPasted: true});
  }
  return earlier;
}

/** What the earlier checkpoint says. One that was pasted and is none of the log's accuses nobody. */
async function read(from, origin) {
  try {
    const opened = await (from.isPasted ? openOlder : open)(from.note, from.keys);
    const older = checkpoint(opened.text);
    requireLog(older.origin, origin);
    return older;
  } catch (fault) {
    if (from.isPasted && fault instanceof Fault && fault.code !== 'unreachable') {
      throw new Fault('earlier-unusable', {why: sentence(fault)});
    }
    throw fault;
  }
}

async function grown(from, newest) {
  const older = await read(from, newest.origin);
  const details = [[say('earlier'), from.note]];
  if (older.size === 0n) {
    return {text: say('growth-empty'), details, older};
  }
  let proof = [];
  if (older.size < newest.size) {
    const answer = await askJson(`/consistency?from=${older.size}&to=${newest.size}`);
    if (answer === null) {
      throw new Fault('proof-none');
    }
    proof = hashes(answer.proof);
  }
  const trail = await consistency(older.size, older.root, newest.size, newest.root, proof);
  details.push(...trailed(trail, 'start'), [say('signed'), hex(newest.root)]);
  const when = from.when ? time(new Date(from.when)) : '';
  return {text: say(from.how, {older: older.size, when}), details, older, when};
}

/** Remembers the newest checkpoint unless what came before is not what lies under it. */
async function checkGrowth(newest, keys) {
  const kept = remembered(newest.origin);
  const earlier = await earlierCheckpoints(kept, keys);
  const found = [];
  for (const from of earlier) {
    found.push(await grown(from, newest));
  }
  const isKept = remember(newest.origin, newest.note, keys);
  const details = found.flatMap(each => each.details);
  const knew = kept ? kept.key.split('\n') : [];
  if (kept && !keys.some(key => knew.includes(key.text))) {
    show('growth', 'care', say('growth-key', {when: found[0].when}), details);
  } else if (found.length > 0) {
    show('growth', 'good', found.map(each => each.text).join(' '), details);
  } else {
    show('growth', 'noted', say(isKept ? 'growth-noted' : 'growth-forgetful'));
  }
  return true;
}

async function verify(receipt) {
  const keys = await step('promise', 'leaf', keysToUse);
  if (keys === null) {
    STEPS.slice(1).forEach(name => show(name, 'skipped', say('no-key')));
    return null;
  }
  const promised = await step('promise', 'leaf', () => checkPromise(receipt, keys));
  if (promised === null) {
    show('batch', 'skipped', say('rests-on', {step: 1}));
  } else {
    await step('batch', 'leaf', () => checkBatch(receipt, promised));
  }
  let proof = null;
  const newest = await step('checkpoint', 'leaf', async () => {
    proof = await askJson('/proof?entry=' + receipt.entry);
    return checkCheckpoint(proof, keys);
  });
  if (newest === null) {
    const isMissing = document.querySelector('#step-checkpoint').dataset.state === 'later';
    if (isMissing) {
      await step('position', 'leaf', () => showUncovered(promised));
    } else {
      show('position', 'skipped', say('rests-on', {step: 3}));
    }
    show('growth', 'skipped', isMissing ? say('no-checkpoint') : say('rests-on', {step: 3}));
    return promised;
  }
  if (proof === null) {
    await step('position', 'leaf', () => showUncovered(promised));
  } else {
    await step('position', 'leaf', () => checkPosition(receipt, proof, newest));
  }
  await step('growth', 'start', () => checkGrowth(newest, keys));
  return promised;
}

function conclude(promised) {
  const states = STEPS.map(name => document.querySelector('#step-' + name).dataset.state);
  const bad = STEPS.filter((_, i) => states[i] === 'bad');
  if (bad.length > 0) {
    const steps = list(bad.map(name => STEPS.indexOf(name) + 1));
    const what = say(bad.length === 1 ? 'all-bad-1' : 'all-bad', {steps});
    const then = say(bad.some(name => COPIED.has(name)) ? 'perhaps-copied' : 'evidence');
    mark(verdict, 'bad', say('both', {what, then}));
  } else if (states.includes('care')) {
    mark(verdict, 'care', say('all-care'));
  } else if (states.includes('later')) {
    mark(verdict, 'later', say('all-later', {due: time(promised.due)}));
  } else {
    mark(verdict, 'good', say(states.includes('noted') ? 'all-noted' : 'all-good'));
  }
}

// ---------------------------------------------------------------- the form

function complain(fault) {
  trouble.textContent = fault === null ? '' : sentence(fault);
  trouble.hidden = fault === null;
  pastedReceipt.setAttribute('aria-invalid', String(fault !== null));
}

/** What was found is about what was verified, and about nothing that was entered since. */
function forget() {
  document.querySelector('#result').hidden = true;
  STEPS.forEach(name => show(name, 'waiting', ''));
}

async function run() {
  let receipt;
  forget();
  try {
    receipt = receiptIn(pastedReceipt.value);
  } catch (fault) {
    complain(fault);
    pastedReceipt.focus();
    return;
  }
  complain(null);
  log = logCalled(receipt.log);
  button.disabled = true;
  document.querySelector('#result').hidden = false;
  mark(verdict, 'running', '');
  try {
    conclude(await verify(receipt));
  } finally {
    button.disabled = false;
    verdict.focus();
  }
}

async function take(given) {
  try {
    if (given.size > LARGEST_FILE) {
      throw new Fault('no-file');
    }
    pastedReceipt.value = await given.text();
  } catch {
    complain(new Fault('no-file'));
    return;
  }
  await run();
}

form.addEventListener('submit', event => {
  event.preventDefault();
  run();
});
form.addEventListener('input', () => {
  if (!button.disabled) {
    forget();
  }
});
file.addEventListener('change', () => {
  if (file.files.length > 0) {
    take(file.files[0]);
    file.value = ''; // the same file can be chosen again
  }
});
for (const kind of ['dragenter', 'dragover']) {
  form.addEventListener(kind, event => {
    event.preventDefault();
    form.classList.add('over');
  });
}
form.addEventListener('dragleave', () => form.classList.remove('over'));
form.addEventListener('drop', event => {
  event.preventDefault();
  form.classList.remove('over');
  if (event.dataTransfer.files.length > 0) {
    take(event.dataTransfer.files[0]);
  } else {
    pastedReceipt.value = event.dataTransfer.getData('text');
    forget();
  }
});

// Browsers compute hashes for pages that came over https, or from this machine, and for no others.
const canCompute = globalThis.crypto?.subtle !== undefined;
document.querySelector('#insecure').hidden = canCompute;
form.hidden = !canCompute;
