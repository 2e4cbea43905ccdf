/* The tables, as version 1 had them, and what was added since. What the fetcher sent is
   stored once, as it came (item.core), and what the worker sent beside it (record.nlp);
   the messages of the streams are put together when they are read. So a worker cannot
   change an item, and no byte is written twice.

   Nothing is indexed by link: such a tree made every new item a third dearer, for the
   sake of a question that people ask now and then and that a scan answers.

   seen outlives item: it is what keeps an old entry from being new again. Heads are
   stored apart from the rows, since a seq is never given twice, not even when all rows
   before it were trimmed. */
#include "private.h"

const char schema_sql[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE counter(name INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
    "CREATE TABLE stream(n INTEGER PRIMARY KEY, head INTEGER NOT NULL,"
    " first INTEGER NOT NULL);"
    "CREATE TABLE topic(n INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL,"
    " head INTEGER NOT NULL);"
    "CREATE TABLE feed(n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, state TEXT,"
    " status TEXT, items INTEGER NOT NULL, duplicates INTEGER NOT NULL,"
    " last_new_ms INTEGER NOT NULL, day INTEGER NOT NULL);"
    "CREATE TABLE seen(id BLOB PRIMARY KEY, content INTEGER NOT NULL,"
    " url INTEGER NOT NULL, revision INTEGER NOT NULL, first INTEGER NOT NULL,"
    " last INTEGER NOT NULL, feed INTEGER NOT NULL, basis INTEGER NOT NULL,"
    " day INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX seen_content ON seen(content, first, feed);"
    "CREATE TABLE item(seq INTEGER PRIMARY KEY, id BLOB NOT NULL,"
    " revision INTEGER NOT NULL, topic INTEGER NOT NULL, copy_of BLOB,"
    " time_ms INTEGER NOT NULL, core BLOB NOT NULL);"
    "CREATE TABLE pending(seq INTEGER PRIMARY KEY, attempts INTEGER NOT NULL);"
    "CREATE TABLE record(seq INTEGER PRIMARY KEY, item INTEGER UNIQUE NOT NULL,"
    " topic INTEGER NOT NULL, time_ms INTEGER NOT NULL, nlp BLOB NOT NULL);"
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, topic INTEGER NOT NULL,"
    " time_ms INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE TABLE dead(n INTEGER PRIMARY KEY, item INTEGER UNIQUE NOT NULL,"
    " id BLOB NOT NULL, topic INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    " reason TEXT NOT NULL, time_ms INTEGER NOT NULL);"
    "CREATE TABLE consumer(name TEXT PRIMARY KEY, stream INTEGER NOT NULL,"
    " acked INTEGER NOT NULL, last_ms INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO stream VALUES(0,0,1),(1,0,1),(2,0,1);"
    "INSERT INTO counter VALUES(0,0),(1,0),(2,0);"
    "INSERT INTO meta VALUES('epoch', lower(hex(randomblob(16))));"
    "INSERT INTO meta VALUES('made_by', 'newsmq " NEWSMQ_VERSION "');";

/* steady: of the text without what counts by itself, 0 where it was not said. alias: what
   else an entry is known by in its feed: the hash of its link and title (then `last` is
   the hash of the id with which it came last, if it was another), or the hash of another
   id under which it comes (`last` is NULL). Without an id it tells nothing. The feed
   stands first in the key, so that what comes together lies together. */
const char *const schema_upgrades[SCHEMA_VERSION] = {
    [1] = "ALTER TABLE seen ADD COLUMN steady INTEGER NOT NULL DEFAULT 0;"
          "CREATE TABLE alias(feed INTEGER NOT NULL, key INTEGER NOT NULL, id BLOB,"
          " last INTEGER, day INTEGER NOT NULL, PRIMARY KEY(feed, key)) WITHOUT ROWID;"
          "INSERT INTO counter VALUES(3,0);",
};
