// compromise for bench/entities: entities_node.js FOLDER TASK.json SECONDS > ANSWERS.json
// Given tokens are joined by spaces, and what is found is put back on them.
'use strict';
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');
const folder = path.resolve(process.argv[2], 'node_modules', 'compromise');
const nlp = createRequire(path.join(folder, '..', '..', 'any.js'))('compromise');
const task = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));
const seconds = Number(process.argv[4]);
const kinds = [['people', 'PER'], ['organizations', 'ORG'], ['places', 'LOC']];

// [start, end, type] in UTF-16 units; marks at the edges are no part of a name.
function find(text) {
  const doc = nlp(text), out = [];
  for (const [kind, type] of kinds)
    for (const one of doc[kind]().json({ offset: true })) {
      let start = one.offset.start, end = start + one.offset.length;
      while (start < end && /[^\p{L}\p{N}]/u.test(text[start])) start++;
      while (end > start && /[^\p{L}\p{N}.]/u.test(text[end - 1])) end--;
      if (text[end - 1] === '.' && !/\.\p{L}\.$|\b(Inc|Corp|Co|Ltd|Jr|Sr|St)\.$/u.test(text.slice(start, end))) end--;
      if (end > start && end <= text.length) out.push([start, end, type]);
    }
  return out;
}

// In code points, as Python counts.
function points(text, spans) {
  const at = [];
  for (let i = 0, n = 0; i <= text.length; i++) {
    at.push(n);
    const c = text.charCodeAt(i);
    if (!(c >= 0xd800 && c < 0xdc00)) n++;
  }
  return spans.map(([a, b, t]) => [at[a], at[b], t]);
}

function onTokens(words) {
  const begins = new Map(), ends = new Map();
  let at = 0;
  words.forEach((word, i) => {
    begins.set(at, i);
    ends.set(at + word.length, i + 1);
    at += word.length + 1;
  });
  return find(words.join(' ')).filter(([a, b]) => begins.has(a) && ends.has(b))
    .map(([a, b, t]) => [begins.get(a), ends.get(b), t]);
}

const texts = task.texts.map((text) => points(text, find(text)));
const began = process.cpuUsage();
let used = 0, rounds = 0;
while (used < seconds) {
  for (const text of task.texts) find(text);
  rounds++;
  const u = process.cpuUsage(began);
  used = (u.user + u.system) / 1e6;
}
const peak = process.resourceUsage().maxRSS;
const given = {};
for (const [name, sentences] of Object.entries(task.given)) given[name] = sentences.map(onTokens);
const version = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
fs.writeSync(1, JSON.stringify({ texts, given, seconds_a_round: used / rounds, version: `compromise ${version}`,
  peak_kib: peak }));
