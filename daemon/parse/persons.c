/* Who wrote it: structured, or one line of text in many shapes. */
#include "fields.h"

#define COMPARED_MAX 64 /* of a list, when looking for doubles */

/* "me@example.org (My Name)", "My Name <me@example.org>", a name, or an address. */
struct person person_of_text(struct str text)
{
    struct person p = {.name = str_trim(text)};
    size_t at = str_find_char(text, '@', 0), from, to;
    struct str before, after;

    if (at == SIZE_MAX)
        return p;
    from = to = at;
    while (from > 0 && strchr(" \t\r\n(<[:;,\"", text.p[from - 1]) == NULL)
        from--;
    while (to < text.n && strchr(" \t\r\n)>];,\"", text.p[to]) == NULL)
        to++;
    if (from == at || to == at + 1)
        return p;
    p.email = str_slice(text, from, to);
    if (from >= 7 && str_has_suffix(str_slice(text, 0, from), STR("mailto:")))
        from -= 7;
    before = str_slice(text, 0, from);
    after = str_slice(text, to, text.n);
    while (before.n > 0 && strchr(" \t\r\n(<[:;,\"", before.p[before.n - 1]) != NULL)
        before.n--;
    while (after.n > 0 && strchr(" \t\r\n)>];,(\"", after.p[0]) != NULL)
        after = str_slice(after, 1, after.n);
    while (after.n > 0 && strchr(" \t\r\n)>]\"", after.p[after.n - 1]) != NULL)
        after.n--;
    before = str_trim(before);
    p.name = after.n > 0 ? after : before;
    if (p.name.n == 0)
        p.name = (struct str){NULL, 0};
    return p;
}

static void person_add(struct build *b, struct list *l, struct person p)
{
    struct arena *a = b->now->arena;
    struct person *last = l->p;
    struct person *at;

    if (l->n == LIST_MAX)
        return;
    for (size_t i = 0; i < l->n && i < COMPARED_MAX; i++) {
        bool name = p.name.n > 0 && str_eq(last[i].name, p.name);
        bool email = p.email.n > 0 && str_eq(last[i].email, p.email);

        if ((name && (email || p.email.n == 0)) || (email && p.name.n == 0))
            return; /* named twice, for example by author and dc:creator */
    }
    if (p.name.n + p.email.n + p.url.n == 0)
        return;
    at = list_add(l, a, sizeof *at);
    if (at == NULL)
        return;
    at->name = p.name.n > 0 ? arena_dup(a, p.name) : (struct str){NULL, 0};
    at->email = p.email.n > 0 ? arena_dup(a, p.email) : (struct str){NULL, 0};
    at->url = p.url.n > 0 ? arena_dup(a, p.url) : (struct str){NULL, 0};
}

void person_end(struct build *b, const struct tag *tag, const struct frame *f,
                struct str text)
{
    struct arena *a = b->now->arena;

    if (tag->field == FIELD_AUTHOR)
        person_add(b, &b->now->authors, b->person);
    else if (tag->field == FIELD_CONTRIBUTOR)
        person_add(b, &b->now->contributors, b->person);
    else if (tag->field == FIELD_OWNER)
        person_add(b, &b->now->owners, b->person);
    else if (tag->field == FIELD_PERSON_TEXT)
        person_add(b, &b->now->authors, person_of_text(text));
    else if (tag->field == FIELD_CONTRIBUTOR_TEXT)
        person_add(b, &b->now->contributors, person_of_text(text));
    else if (tag->field == FIELD_PERSON_NAME)
        b->person.name = arena_dup(a, text);
    else if (tag->field == FIELD_PERSON_EMAIL)
        b->person.email = arena_dup(a, text);
    else
        b->person.url = resolve(b, f, text);
}
