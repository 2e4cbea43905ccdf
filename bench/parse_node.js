// node's feedparser over the files named on stdin, one a line, for bench/parse-peers:
// prints the version, and bytes, entries and seconds of CPU of those that gave entries.
// Exits with 3 when feedparser is not installed.
'use strict';
const fs = require('fs');

let FeedParser;
try {
  FeedParser = require('feedparser');
} catch {
  process.exit(3);
}

function cpuSeconds() {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e6;
}

function parse(bytes) {
  return new Promise((resolve) => {
    const parser = new FeedParser({});
    let entries = 0;
    parser.on('readable', () => {
      while (parser.read() !== null) entries++;
    });
    parser.on('error', () => resolve(entries));
    parser.on('end', () => resolve(entries));
    parser.end(bytes);
  });
}

async function main() {
  let size = 0, all = 0, seconds = 0;
  const names = fs.readFileSync(0, 'utf8').split('\n').filter((name) => name !== '');
  for (const name of names) {
    const bytes = fs.readFileSync(name);
    const from = cpuSeconds();
    const entries = await parse(bytes);
    if (entries > 0) {
      size += bytes.length;
      all += entries;
      seconds += cpuSeconds() - from;
    }
  }
  console.log(require('feedparser/package.json').version, size, all, seconds);
}

main();
