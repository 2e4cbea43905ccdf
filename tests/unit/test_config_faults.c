/* A table of mistakes, each with the place and the remedy that a person must be told. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/config.h"

#include "config_files.h"

#define FEED "feeds: [{a: 'https://a.example/'}]\n"

struct mistake {
    const char *yaml;
    unsigned line, column;
    const char *text, *hint; /* parts of what is said */
};

static const char *const extractors[] = {"language", "entities", NULL};
static const char *const outputs[] = {"jsonl", "stdout", NULL};
static const char *const buses[] = {"zmq", NULL};
static const struct config_names names = {
    .extractors = extractors, .outputs = outputs, .buses = buses};

static const struct mistake values[] = {
    {FEED "defaults: { every: 15 }\n", 2, 20, "unit missing in '15'",
     "did you mean 15m?"},
    {FEED "defaults: { every: 900 }\n", 2, 20, "unit missing", "did you mean 900s?"},
    {FEED "defaults: { timeout: 20 }\n", 2, 22, "unit missing", "did you mean 20s?"},
    {FEED "defaults: { stale_after: 7 }\n", 2, 26, "unit missing", "did you mean 7d?"},
    {FEED "defaults: { every: 5min }\n", 2, 20, "unknown unit 'min'", "did you mean 5m?"},
    {FEED "defaults: { every: 2 hours }\n", 2, 20, "unknown unit", "did you mean 2h?"},
    {FEED "defaults: { every: 15 m }\n", 2, 20, "not a duration", "15m"},
    {FEED "defaults: { every: 1.5h }\n", 2, 20, "not a duration", "1h30m"},
    {FEED "defaults: { every: soon }\n", 2, 20, "not a duration", "15m"},
    {FEED "defaults: { every: 5m1h }\n", 2, 20, "not a duration", "1h30m"},
    {FEED "defaults: { every: 1ms }\n", 2, 20, "too small", "the least is 100ms"},
    {FEED "defaults: { every: 40d }\n", 2, 20, "too large", "the most is 30d"},
    {FEED "defaults: { every: 99999999999999999999d }\n", 2, 20, "not a duration", ""},
    {FEED "defaults: { max_bytes: 8 }\n", 2, 24, "unit missing", "did you mean 8MB?"},
    {FEED "defaults: { max_bytes: 8M }\n", 2, 24, "unknown unit", "did you mean 8MB?"},
    {FEED "defaults: { max_bytes: 8 MB }\n", 2, 24, "unknown unit", "did you mean 8MB?"},
    {FEED "defaults: { max_bytes: big }\n", 2, 24, "not a size", "8MB"},
    {FEED "defaults: { max_bytes: 9GB }\n", 2, 24, "too large", "the most is 1GiB"},
    {FEED "defaults: { max_items: many }\n", 2, 24, "not a whole number", "digits"},
    {FEED "defaults: { max_items: 0 }\n", 2, 24, "too small", "the least is 1"},
    {FEED "defaults: { max_items: -3 }\n", 2, 24, "too small", "the least is 1"},
    {FEED "defaults: { adaptive: yes }\n", 2, 23, "none of its values", "'true'"},
    {FEED "defaults: { adaptive: Off }\n", 2, 23, "none of its values", "'false'"},
    {FEED "defaults: { identity: giud }\n", 2, 23, "none of", "did you mean 'guid'?"},
    {FEED "defaults: { identity: sha }\n", 2, 23, "none of", "one of auto, guid, link"},
    {FEED "defaults: { on_update: emitt }\n", 2, 24, "none of", "did you mean 'emit'?"},
    {FEED "defaults: { first_poll: 20 }\n", 2, 25, "none of", "'last 20'"},
    {FEED "defaults: { first_poll: latest }\n", 2, 25, "none of", "since 24h"},
    {FEED "defaults: { first_poll: last many }\n", 2, 25, "whole number", "digits"},
    {FEED "defaults: { first_poll: since 24 }\n", 2, 25, "unit missing", "24h"},
    {FEED "defaults: { language: english }\n", 2, 23, "not a language tag", "en, fr"},
    {FEED "log: { level: verbose }\n", 2, 15, "none of", "one of error, warn, info"},
    {FEED "log: { level: debgu }\n", 2, 15, "none of", "did you mean 'debug'?"},
    {FEED "dedup: { action: delete }\n", 2, 18, "none of", "one of mark, drop"},
    {FEED "defaults: { text: { links: mybe } }\n", 2, 28, "none of", "false, true"},
    {FEED "version: 2\n", 2, 10, "too large", "the most is 1"},
    {FEED "politeness: { retry_after: honor }\n", 2, 28, "none of", "'honour'"},
    {FEED "politeness: { per_host: { concurrency: 0 } }\n", 2, 40, "too small", "1"},
    {FEED "politeness: { per_host: { gap: 1 } }\n", 2, 32, "unit missing", "1s"},
    {FEED "websub: { listen: localhost:80 }\n", 2, 19, "no address", "127.0.0.1:80"},
    {FEED "websub: { listen: 127.0.0.1 }\n", 2, 19, "no port", "127.0.0.1:8788"},
    {FEED "websub: { listen: '127.0.0.1:99999' }\n", 2, 19, "no port", "8788"},
    {FEED "websub: { listen: '127.0.0.1:1' }\n", 2, 19, "without a 'callback'", "URL"},
    {FEED "websub: { callback: 'https://a.example/' }\n", 2, 21, "without a 'listen'",
     "where to listen"},
    {FEED "websub: { listen: '127.0.0.1:1', callback: 'file:///x' }\n", 2, 44,
     "not a page", "https://HOST/PATH"},
    {FEED "websub: { listen: '127.0.0.1:1', callback: 'https://a.example/?b' }\n", 2, 44,
     "has a '?'", "the path"},
    {FEED "http: { listen: 0.0.0.0:80 }\n", 2, 17, "from other machines", "127.0.0.1:80"},
    {FEED "http: { listen: '[::]:80' }\n", 2, 17, "from other machines", "reverse proxy"},
    {FEED "http: { listen: no }\n", 2, 17, "not an address", "'off'"},
    {FEED "http: { listen: 8787 }\n", 2, 17, "no port", "127.0.0.1:8787"},
    {FEED "http: { hosts: ['https://a.example/'] }\n", 2, 17, "name of a machine",
     "without scheme"},
    {FEED "http: { max_connections: 2 }\n", 2, 26, "too small", "the least is 8"},
    {FEED "politeness: { allow_addresses: [10.0.0.1/8] }\n", 2, 33, "bits after",
     "did you mean 10.0.0.0/8"},
    {FEED "politeness: { allow_addresses: [fd00::1/8] }\n", 2, 33, "bits after",
     "did you mean fd00::/8"},
    {FEED "politeness: { allow_addresses: localhost }\n", 2, 32, "not an address",
     "127.0.0.1, 10.0.0.0/8"},
    {FEED "politeness: { allow_addresses: [10.0.0.0/33] }\n", 2, 33, "not an address",
     ""},
    {FEED "defaults: { allow_private: yes }\n", 2, 28, "none of its values", "'true'"},
    {FEED "defaults: { headers: { Host: x } }\n", 2, 24, "set by newsmq", "remove"},
    {FEED "defaults: { headers: { 'X Key': x } }\n", 2, 24, "not the name of", "letters"},
    {FEED "defaults: { headers: { User-Agent: x } }\n", 2, 24, "of its own",
     "user_agent"},
    {FEED "defaults: { headers: \"a: b\" }\n", 2, 22, "pairs", "{ Name: value }"},
    {FEED "defaults: { headers: { X: \"a\\r\\nEvil: b\" } }\n", 2, 27,
     "control character", "remove it"},
    {FEED "defaults: { every: }\n", 2, 20, "'every' has no value", "remove the key"},
    {FEED "defaults: { every: ~ }\n", 2, 20, "'every' has no value", "remove the key"},
    {FEED "defaults: { every: [5m] }\n", 2, 20, "one value, not a list", "brackets"},
    {FEED "defaults: { every: { m: 5 } }\n", 2, 20, "not a section", "one line"},
};

static const struct mistake keys[] = {
    {FEED "defaults: { evry: 5m }\n", 2, 13, "unknown key 'evry'",
     "did you mean 'every'"},
    {FEED "defaults: { interval: 5m }\n", 2, 13, "unknown key", "did you mean 'every'?"},
    {FEED "defaults: { text: { images: true } }\n", 2, 21, "unknown key", "'alt'"},
    {FEED "defaults: { max-bytes: 1MB }\n", 2, 13, "unknown key", "'max_bytes'"},
    {FEED "every: 5m\n", 2, 1, "unknown key", "a key of defaults, a group or a feed"},
    {FEED "bus: { level: info }\n", 2, 8, "unknown key", "a key of log"},
    {FEED "feed: []\n", 2, 1, "unknown key 'feed'", "did you mean 'feeds'?"},
    {FEED "outputs: []\n", 2, 1, "unknown key", "did you mean 'sinks'?"},
    {FEED "zzz: 1\n", 2, 1, "unknown key 'zzz' in the top level", "--reference"},
    {FEED "log: {}\nlog: {}\n", 3, 1, "'log' is said twice", "first on line 2"},
    {FEED "log: info\n", 2, 6, "log wants keys and values", "key: value"},
    {FEED "bus: [a]\n", 2, 6, "bus wants keys and values, not a list", "indented"},
    {FEED "watch: []\n", 2, 8, "wants rules", "one rule a line"},
    {FEED "watch: { A: { any: x } }\n", 2, 10, "is not an id", "'a'"},
    {FEED "watch: { a: {} }\n", 2, 10, "looks for nothing", "any"},
    {FEED "watch: { a: { any: [ok, 'b*c'] } }\n", 2, 25, "only at the end", ""},
    {FEED "watch: { a: { any: 'UN ~x Rome' } }\n", 2, 20, "from 1 to 50", ""},
    {FEED "watch: { a: { entities: 'XYZ:Interpol' } }\n", 2, 25, "no type", "ORG"},
    {FEED "watch: { a: { any: x, feeds: [bbd] } }\n", 2, 31, "no feed 'bbd'", ""},
    {FEED "watch: { a: { any: x, groups: nope } }\n", 2, 31, "no group 'nope'", ""},
    {FEED "watch: { a: { any: x, langs: 12 } }\n", 2, 30, "12", ""},
    {FEED "watch: { a: { anny: x } }\n", 2, 15, "anny", "any"},
    {FEED "dedup: { near: {} }\n", 2, 10, "not available in this version", "remove it"},
    {FEED "defaults: { full_text: allways }\n", 2, 24, "full_text", "'always'"},
    {FEED "defaults: { backfill_pages: 101 }\n", 2, 29, "backfill_pages", "100"},
    {FEED "defaults: { keep: {} }\n", 2, 13, "filters: not available", "remove it"},
    {FEED "politeness: { robots: obey }\n", 2, 23, "robots", "honour"},
    {FEED "<<: {}\n", 2, 1, "merge keys", "defaults: or groups:"},
    {FEED "[a]: {}\n", 2, 1, "a key must be a word", "quotes"},
};

static const struct mistake feeds[] = {
    {"feeds:\n  - https://news.example.org/x\n", 2, 5, "a feed without an id",
     "write '- news-example-org: https://news.example.org/x'"},
    {"feeds:\n  - url: https://www.bbc.example/x\n", 2, 5, "without an id",
     "'id: bbc-example'"},
    {"feeds:\n  - id: a\n    every: 5m\n", 2, 5, "without a url", "url: https://"},
    {"feeds:\n  - Un News: https://a.example/\n", 2, 5, "not an id", "'un-news'"},
    {"feeds:\n  - id: -a\n    url: https://a.example/\n", 2, 9, "not an id", "'a'"},
    {"feeds:\n  - a: news.example.org/rss\n", 2, 8, "not a URL",
     "did you mean https://news.example.org/rss?"},
    {"feeds:\n  - a: htps://a.example/\n", 2, 8, "scheme", "did you mean https://?"},
    {"feeds:\n  - a: feed:https://a.example/\n", 2, 8, "scheme", "https://"},
    {"feeds:\n  - a: ftp://a.example/\n", 2, 8, "scheme", "http"},
    {"feeds:\n  - a: /srv/feed.xml\n", 2, 8, "not a URL", "file:///srv/feed.xml"},
    {"feeds:\n  - a: 'https://a.example/b c'\n", 2, 8, "space inside", "%20"},
    {"feeds:\n  - a: https:///x\n", 2, 8, "names no host", "https://HOST/PATH"},
    {"feeds:\n  - a: https://h.example:99999/\n", 2, 8, "bad port", "65535"},
    {"feeds:\n  - a: https://me:pw@a.example/\n", 2, 8, "user or password", "auth:"},
    {"feeds:\n  - a: file://x.xml\n", 2, 8, "no absolute path", "file:///PATH"},
    {"feeds:\n  - a: https://a.example/\n  - a: https://b.example/\n", 3, 5,
     "the feed 'a' is defined twice", "newsmq.yaml:2:5"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', group: wier }\n"
     "groups: { wire: {} }\n",
     2, 48, "no group 'wier'", "did you mean 'wire'?"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', group: x }\n", 2, 48,
     "no group 'x'", "define it under groups:"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', gruop: x }\n", 2, 41,
     "unknown key 'gruop' in a feed", "did you mean 'group'?"},
    {"feeds:\n  - b: https://a.example/\n    every: 5m\n", 2, 5,
     "unknown key 'b' in a feed", "'id: b' and 'url: …'"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', auth: { user: u } }\n", 2, 55,
     "a user but no password", "password_file"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', auth: { password: p } }\n", 2, 59,
     "no 'user'", "add user"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', auth: { usr: p } }\n", 2, 49,
     "unknown key 'usr' in auth", "did you mean 'user'?"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', auth: { user: u, "
     "password_file: none } }\n",
     2, 73, "No such file", "readable"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', every: 2h, max_every: 1h }\n", 2,
     63, "'every' (2h) is more than 'max_every' (1h)", "raise 'max_every'"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', every: 2m, min_every: 3m }\n", 2,
     48, "'min_every' (3m) is more than 'every' (2m)", "lower 'min_every'"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', auth: { bearer: t, user: u } }\n",
     2, 57, "both a token and a user", "keep one"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', auth: { bearer: t }, headers: { "
     "authorization: x } }\n",
     2, 57, "a header 'Authorization'", "keep 'auth'"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', tls: { cert_file: none.pem } }\n",
     2, 59, "No such file", "readable"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', proxy: 'ftp://u:secret@p' }\n", 2,
     48, "not the URL of a proxy", "socks5h://HOST:PORT"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', proxy: 'http://p:99999' }\n", 2, 48,
     "'p:99999' has a bad port", "65535"},
    {"feeds:\n  - { id: b, url: 'https://a.example/', proxy: 'http://p/x' }\n", 2, 48,
     "no path", "HOST:PORT"},
    {"feeds:\n  - opml: nothing/*.opml\n", 2, 11, "no file", "folder of this file"},
    {"feeds:\n  - { opml: x.opml, id: a }\n", 2, 25, "'id' beside 'opml'", "OPML"},
    {"feeds:\n  - [a]\n", 2, 5, "an entry that is no feed", "id: https://"},
    {"feeds: { a: 'https://a.example/' }\n", 1, 8, "'feeds' wants a list", "'- '"},
    {"version: 1\n", 1, 1, "no feeds", "- my-feed: https://"},
    {"feeds: []\n", 1, 1, "no feeds", "- my-feed: https://"},
    {FEED
     "workers: [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a,"
     "a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a,"
     "a, a, a, a, a, a, a, a, a, a, a, a, a, a, a]\n",
     2, 10, "more than 64 entries", ""},
    {"groups: { Wire: {} }\n" FEED, 1, 11, "not an id", "'wire'"},
    {"groups: [wire]\n" FEED, 1, 9, "'groups' wants ids", "one group a line"},
    {"groups: { w: { evry: 5m } }\n" FEED, 1, 16, "unknown key", "'every'"},
};

static const struct mistake pipeline[] = {
    {FEED "bus: { publish: ['ipc:///r/p', 'tcp://0.0.0.0:5560'] }\n", 2, 32,
     "can be reached from outside, and there are no keys", "server_key_file: …"},
    {FEED "bus: { work: 'tcp://127.evil.example:1' }\n", 2, 14, "from outside", "keys"},
    {FEED "bus: { replay: 'tcp://*:5561' }\n", 2, 16, "is every address", "ipc:///"},
    {FEED "bus: { tap: 'tcp://10.0.0.1:1', curve: { server_key_file: /n/k, clients_dir: "
          "/n/c } }\n",
     2, 13, "no key for it", "an ipc:// endpoint first"},
    {FEED "bus: { curve: { server_key_file: /nowhere/k } }\n", 2, 34,
     "without 'clients_dir'", "newsmq keys allow"},
    {FEED "bus: { curve: { clients_dir: /tmp } }\n", 2, 30, "without 'server_key_file'",
     "newsmq keys gen hub"},
    {FEED "bus: { curve: { key_file: /nowhere/k } }\n", 2, 27,
     "without 'server_public_file'", "copy hub.key"},
    {FEED "bus: { curve: { server_key_file: /etc/passwd, clients_dir: /etc } }\n", 2, 34,
     "no public-key in it", "newsmq keys gen"},
    {FEED "bus: { replay: 'tcp://127.0.0.1' }\n", 2, 16, "no port", "tcp://127.0.0.1"},
    {FEED "bus: { replay: 'tcp://127.0.0.1:70000' }\n", 2, 16, "no port", "tcp://"},
    {FEED "bus: { replay: /run/x.sock }\n", 2, 16, "not an endpoint",
     "did you mean ipc:///run/x.sock?"},
    {FEED "bus: { replay: 'ipc://x.sock' }\n", 2, 16, "no absolute path",
     "three slashes"},
    {FEED "bus: { replay: 'inproc://x' }\n", 2, 16, "not an endpoint", "ipc:///PATH"},
    {FEED "bus: { work: 'ipc:///r/0123456789012345678901234567890123456789012345678901234"
          "567890123456789012345678901234567890123456789012345678901234567890123' }\n",
     2, 14, "the system allows 107", "shorter"},
    {FEED "bus: { dir: /r/012345678901234567890123456789012345678901234567890123456789012"
          "34567890123456789012345678901234567890123456789 }\n",
     2, 13, "the system allows 107", "shorter"},
    {FEED "bus: { work: 'ipc:///a', tap: 'ipc:///a' }\n", 2, 31, "same endpoint", "own"},
    {FEED "bus: { kind: nats }\n", 2, 14, "no bus 'nats'", "zmq"},
    {FEED "bus: { ping: 40s }\n", 2, 14, "longer than 'lease'", "given away"},
    {FEED "workers: [{ name: entites }]\n", 2, 19, "no extractor", "'entities'"},
    {FEED "workers: [{ name: shout }]\n", 2, 19, "no extractor", "language, entities"},
    {FEED "workers: [{ name: language, proceses: 2 }]\n", 2, 29, "unknown key",
     "did you mean 'processes'?"},
    {FEED "workers: [{ nme: language }]\n", 2, 11, "without a name", "'nme'"},
    {FEED "workers: [language, language]\n", 2, 21, "listed twice", "keep one"},
    {FEED "workers: [{ name: language, command: [x] }]\n", 2, 29, "not available", ""},
    {FEED "workers: [{ name: language, table: [x] }]\n", 2, 29, "unknown key", ""},
    {FEED "workers: { name: language }\n", 2, 10, "'workers' wants a list", "'- '"},
    {FEED "sinks: [{ type: json }]\n", 2, 17, "no output 'json'", "'jsonl'"},
    {FEED "sinks: [{ path: x }]\n", 2, 9, "a sink without a type", "type: jsonl"},
    {FEED "sinks: [{ type: stdout, path: x }]\n", 2, 31, "nothing for stdout", "jsonl"},
    {FEED "sinks: [{ type: jsonl, path: 'a-%Q' }]\n", 2, 30, "conversion '%Q'", "%Y"},
    {FEED "sinks: [{ type: jsonl, path: records/ }]\n", 2, 30, "names no file", "jsonl"},
    {FEED "sinks: [{ type: jsonl, keep: 90 }]\n", 2, 30, "unit missing", "90d"},
    {FEED "sinks: [{ type: jsonl, when: watch }]\n", 2, 24, "not available", "remove"},
    {FEED "sinks: [{ type: jsonl, compress_closed: gzip }]\n", 2, 41, "none of", "zstd"},
    {FEED "sinks: [{ type: stdout, name: a }, { type: stdout, name: a }]\n", 2, 58,
     "defined twice", "another name"},
    {FEED "sinks: [{ type: jsonl, path: a }, { type: jsonl, path: a }]\n", 2, 56,
     "the same path", "the other is at"},
    {FEED "sinks: [{ type: jsonl, path: 'o/a-%Y' }, { type: jsonl, path: o/b }]\n", 2, 63,
     "in the same folder", "give each a folder"},
    {FEED "sinks: [jsonl, jsonl]\n", 2, 16, "same default path", "give each a 'path'"},
};

static const struct mistake syntax[] = {
    {"", 1, 1, "the file is empty", "feeds:"},
    {"\xEF\xBB\xBF" FEED "log: { level: x }\r\n", 2, 15, "none of", "one of error"},
    {"# nothing\n", 1, 1, "the file is empty", "feeds:"},
    {"- a\n", 1, 1, "not a configuration: a list", "feeds:"},
    {"hello\n", 1, 1, "not a configuration: a single value", "feeds:"},
    {"feeds:\n\t- a: b\n", 2, 1, "a tab", "indent with spaces"},
    {FEED "log:\n   level: info\n  format: text\n", 4, 3, "expected", "indentation"},
    {FEED "log: { level: info\n", 3, 1, "expected", "close the braces"},
    {FEED "log: { level: 'info }\n", 3, 1, "unexpected end", "not closed"},
    {FEED "log: b: c\n", 2, 7, "mapping values are not allowed", "quotes"},
    {FEED "log: { level: @info }\n", 2, 15, "cannot start any token", "'@' needs quotes"},
    {FEED "log: { level: *info }\n", 2, 15, "no anchor '&info'", "* needs quotes"},
    {FEED "log: { level: !str info }\n", 2, 15, "tags are not used", "remove it"},
    {FEED "---\n" FEED, 2, 1, "a second document", "include:"},
    {FEED "log: { level: \"a\\qb\" }\n", 2, 17, "escape", "single quotes"},
    {"feeds:\n- a: https://x.example/\xFF\n", 2, 24, "not UTF-8 (byte 0xff)", "UTF-8"},
    {FEED "log: \x01\n", 2, 6, "control character (U+0001)", "remove it"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 1, 34, "nested more than 32 deep", ""},
    {FEED "log: { level: '${NEWSMQ_TEST_UNSET}' }\n", 2, 16,
     "NEWSMQ_TEST_UNSET is not set", "NEWSMQ_TEST_UNSET:-"},
    {FEED "log: { level: 'in${NEWSMQ_TEST_LEVL}' }\n", 2, 18, "is not set",
     "did you mean ${NEWSMQ_TEST_LEVEL}?"},
    {FEED "log: { level: \"${NEWSMQ\" }\n", 2, 16, "not closed", "$${"},
    {FEED "log: { level: '${a b}' }\n", 2, 16, "not a variable", "${NAME}"},
    {FEED "include: [nothing.yaml]\n", 2, 11, "no file", "may match nothing"},
};

static bool is_told(const struct config_faults *f, const struct mistake *m)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->list[i].place.line == m->line && f->list[i].place.column == m->column &&
            strstr(f->list[i].text, m->text) != NULL &&
            strstr(f->list[i].hint, m->hint) != NULL)
            return true;
    return false;
}

static void print_all(const struct config_faults *f)
{
    for (size_t i = 0; i < f->n; i++) {
        struct strbuf line = {.max = 4096};

        (void)config_fault_write(&f->list[i], &line);
        print_error("  %s\n", strbuf_cstr(&line));
        strbuf_fini(&line);
    }
}

/* Every mistake is told where it is, and it alone. */
static void check_table(void **state, const struct mistake *table, size_t n)
{
    size_t wrong = 0;

    assert_int_equal(setenv("NEWSMQ_TEST_LEVEL", "fo", 1), 0);
    for (size_t i = 0; i < n; i++) {
        char *path = folder_write(state, "newsmq.yaml", table[i].yaml);
        struct config_faults faults = {0};
        struct config *c = NULL;
        int rc = config_load(path, &names, &c, &faults);

        if (rc != ERR_CONFIG || faults.n != 1 || !is_told(&faults, &table[i])) {
            print_error("row %zu, wanted one fault %u:%u '%s' (%s), got %zu:\n%s\n", i,
                        table[i].line, table[i].column, table[i].text, table[i].hint,
                        faults.n, table[i].yaml);
            print_all(&faults);
            wrong++;
        }
        config_free(c);
        config_faults_fini(&faults);
        free(path);
    }
    assert_int_equal(wrong, 0);
}

static void wrong_values_are_told_with_what_was_meant(void **state)
{
    check_table(state, values, ARRAY_LEN(values));
}

static void wrong_keys_are_told_with_the_key_that_was_meant(void **state)
{
    check_table(state, keys, ARRAY_LEN(keys));
}

static void wrong_feeds_are_told_where_they_stand(void **state)
{
    folder_put(state, "x.opml",
               "<opml><body><outline xmlUrl='https://x.example/'/></body>"
               "</opml>");
    check_table(state, feeds, ARRAY_LEN(feeds));
}

static void a_wrong_pipeline_is_told_where_it_stands(void **state)
{
    check_table(state, pipeline, ARRAY_LEN(pipeline));
}

static void broken_yaml_is_told_where_it_breaks(void **state)
{
    check_table(state, syntax, ARRAY_LEN(syntax));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FOLDER(wrong_values_are_told_with_what_was_meant),
        ON_FOLDER(wrong_keys_are_told_with_the_key_that_was_meant),
        ON_FOLDER(wrong_feeds_are_told_where_they_stand),
        ON_FOLDER(a_wrong_pipeline_is_told_where_it_stands),
        ON_FOLDER(broken_yaml_is_told_where_it_breaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
