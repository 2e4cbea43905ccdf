/* What becomes of an item: a record, another attempt, or a dead letter. The pending row
   is the judge: whoever takes it away first has settled the item. */
#include <stdio.h>

#include "private.h"

/* The item's part of a new record. 1, or 0 when the item is not there. */
static int get_item(struct store *s, uint64_t seq, struct store_made *ret,
                    struct topic **ret_topic, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_ITEM_HEAD, "u", seq);
    int rc = sql_step(s, SQL_ITEM_HEAD, e);

    if (rc <= 0)
        return rc;
    *ret = (struct store_made){.item_seq = seq};
    (void)column_id(st, 0, &ret->id); /* an id that is none stays zero */
    ret->revision = (uint32_t)sqlite3_column_int64(st, 1);
    *ret_topic = topic_by_row(&s->topics, sqlite3_column_int64(st, 2));
    ret->is_copy = column_id(st, 3, &ret->copy_of);
    sql_reset(s, SQL_ITEM_HEAD);
    return 1;
}

/* "item/g/f/en/" with another language → "record/g/f/fr/"; without one the item's. */
static struct topic *record_topic(struct store *s, const struct topic *item,
                                  struct str lang)
{
    const char *rest = item->name + sizeof "item/" - 1;
    size_t cut = strlen(rest);
    char buf[256];

    if (lang.n == 0) {
        (void)snprintf(buf, sizeof buf, "record/%s", rest);
        return topic_get(&s->topics, buf);
    }
    for (cut = cut > 0 ? cut - 1 : 0; cut > 0 && rest[cut - 1] != '/'; cut--)
        continue;
    (void)snprintf(buf, sizeof buf, "record/%.*s" STR_FMT "/", (int)cut, rest,
                   STR_ARG(lang));
    return topic_get(&s->topics, buf);
}

static int lost_item(struct store *s, uint64_t seq, struct err *e)
{
    return err_set(e, ERR_FORMAT, "%s: item %llu is pending but not there", s->path,
                   (unsigned long long)seq);
}

int store_add_record(struct store *s, uint64_t item_seq, struct str lang, struct str nlp,
                     struct err *e)
{
    struct store_made head, *m;
    struct topic *item = NULL, *topic;
    int rc = sql_run(s, SQL_PENDING_DROP, e, "u", item_seq);

    if (rc <= 0)
        return rc;
    rc = get_item(s, item_seq, &head, &item, e);
    if (rc < 0)
        return rc;
    if (rc == 0 || item == NULL)
        return lost_item(s, item_seq, e);
    topic = record_topic(s, item, lang);
    m = made_add(s, STREAM_RECORD, topic);
    m->id = head.id;
    m->item_seq = item_seq;
    m->revision = head.revision;
    m->is_copy = head.is_copy;
    m->copy_of = head.copy_of;
    rc = sql_run(s, SQL_RECORD_ADD, e, "uuiib", m->seq, item_seq, topic->row, s->now_ms,
                 nlp);
    return rc < 0 ? rc : 1;
}

static int bury(struct store *s, uint64_t seq, uint32_t attempts, struct str reason,
                struct err *e)
{
    struct store_made head;
    struct topic *item = NULL;
    int rc = get_item(s, seq, &head, &item, e);

    if (rc < 0)
        return rc;
    if (rc == 0 || item == NULL)
        return lost_item(s, seq, e);
    rc = sql_run(s, SQL_PENDING_DROP, e, "u", seq);
    if (rc >= 0)
        rc = sql_run(s, SQL_DEAD_ADD, e, "ukiiti", seq, &head.id, item->row,
                     (int64_t)attempts, reason, s->now_ms);
    if (rc < 0)
        return rc;
    s->now.dead++;
    return 2;
}

int store_add_attempt(struct store *s, uint64_t item_seq, unsigned max, struct str reason,
                      uint32_t *ret_attempts, struct err *e)
{
    uint32_t attempts;
    int rc = sql_run(s, SQL_PENDING_ATTEMPT, e, "u", item_seq);

    if (rc <= 0)
        return rc;
    (void)sql_bind(s, SQL_PENDING_GET, "u", item_seq);
    rc = sql_step(s, SQL_PENDING_GET, e);
    if (rc <= 0)
        return rc;
    attempts = (uint32_t)sqlite3_column_int64(s->st[SQL_PENDING_GET], 0);
    sql_reset(s, SQL_PENDING_GET);
    *ret_attempts = attempts;
    return attempts >= max ? bury(s, item_seq, attempts, reason, e) : 1;
}

int store_add_event(struct store *s, const char *topic, struct str body, struct err *e)
{
    struct topic *t = topic_get(&s->topics, topic);
    const struct store_made *m = made_add(s, STREAM_EVENT, t);
    int rc = sql_run(s, SQL_EVENT_ADD, e, "uiib", m->seq, t->row, s->now_ms, body);

    return rc < 0 ? rc : 0;
}

int store_add_watch_hit(struct store *s, const char *rule, struct err *e)
{
    int rc = sql_run(s, SQL_WATCH_ADD, e, "ti", str_of(rule), s->now_ms);

    return rc < 0 ? rc : 0;
}

int store_watch_hits(struct store *s, const char *rule, uint64_t *ret_hits,
                     int64_t *ret_last_ms, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_WATCH_GET, "t", str_of(rule));
    int rc = sql_step(s, SQL_WATCH_GET, e);

    if (rc < 0)
        return rc;
    *ret_hits = rc == 1 ? column_u64(st, 0) : 0;
    *ret_last_ms = rc == 1 ? sqlite3_column_int64(st, 1) : 0;
    if (rc == 1)
        sql_reset(s, SQL_WATCH_GET);
    return 0;
}

int store_totals(struct store *s, struct store_totals *ret, struct err *e)
{
    static const enum sql ask[] = {SQL_PENDING_COUNT, SQL_DEAD_COUNT};
    uint64_t n[2];

    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *st = sql_bind(s, ask[i], "");
        int rc = sql_step(s, ask[i], e);

        if (rc < 0)
            return rc;
        n[i] = rc == 1 ? column_u64(st, 0) : 0;
        sql_reset(s, ask[i]);
    }
    *ret = (struct store_totals){.items = s->saved.head[STREAM_ITEM],
                                 .records = s->saved.head[STREAM_RECORD],
                                 .dead = n[1],
                                 .pending = n[0],
                                 .duplicates = s->saved.counters[COUNTER_DUPLICATES],
                                 .updates = s->saved.counters[COUNTER_UPDATES],
                                 .dropped = s->saved.counters[COUNTER_DROPPED],
                                 .commits = s->saved.counters[COUNTER_COMMITS]};
    ret->accounts_ok = ret->items == ret->records + ret->dead + ret->pending;
    return 0;
}

int store_oldest_pending(struct store *s, int64_t *ret_ms, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_PENDING_OLDEST, "");
    int rc = sql_step(s, SQL_PENDING_OLDEST, e);

    if (rc == 1)
        *ret_ms = sqlite3_column_int64(st, 0);
    sql_reset(s, SQL_PENDING_OLDEST);
    return rc;
}
