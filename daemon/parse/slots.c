#include "slots.h"

void *list_add(struct list *l, struct arena *a, size_t each)
{
    if (l->n == LIST_MAX)
        return NULL;
    if (l->n == l->cap) {
        size_t cap = l->cap > 0 ? l->cap * 2 : 4;
        void *p = arena_alloc(a, cap * each);

        if (p == NULL)
            return NULL;
        if (l->n > 0)
            memcpy(p, l->p, l->n * each);
        l->p = p;
        l->cap = cap;
    }
    l->n++;
    return memset((char *)l->p + (l->n - 1) * each, 0, each);
}

void slots_init(struct slots *s, struct arena *arena)
{
    *s = (struct slots){.arena = arena, .duration = -1};
    memset(s->text_rank, RANK_EMPTY, sizeof s->text_rank);
    memset(s->date_rank, RANK_EMPTY, sizeof s->date_rank);
    memset(s->plain_rank, RANK_EMPTY, sizeof s->plain_rank);
}

/* Whether the value was taken: it is not empty and outranks what is there. */
bool slots_put(struct slots *s, enum plain_slot slot, struct str value, unsigned rank)
{
    if (value.n == 0 || rank >= s->plain_rank[slot])
        return false;
    s->plain[slot] = arena_dup(s->arena, value);
    s->plain_rank[slot] = (uint8_t)rank;
    return true;
}

void slots_to_entry(const struct slots *s, struct feed_entry *ret)
{
    *ret = (struct feed_entry){
        .id = s->plain[SLOT_ID],
        .id_is_link = s->id_is_link,
        .link = s->plain[SLOT_LINK],
        .external_url = s->plain[SLOT_EXTERNAL],
        .title = s->text[SLOT_TITLE],
        .summary = s->text[SLOT_SUMMARY],
        .rights = s->text[SLOT_RIGHTS],
        .contents = s->contents.p,
        .n_contents = s->contents.n,
        .published = s->date[SLOT_PUBLISHED],
        .updated = s->date[SLOT_UPDATED],
        .created = s->date[SLOT_CREATED],
        .expired = s->date[SLOT_EXPIRED],
        .authors = s->authors.p,
        .n_authors = s->authors.n,
        .contributors = s->contributors.p,
        .n_contributors = s->contributors.n,
        .tags = s->tags.p,
        .n_tags = s->tags.n,
        .links = s->links.p,
        .n_links = s->links.n,
        .enclosures = s->enclosures.p,
        .n_enclosures = s->enclosures.n,
        .image = s->plain[SLOT_IMAGE],
        .language = s->plain[SLOT_LANGUAGE],
        .comments = s->plain[SLOT_COMMENTS],
        .source = s->source,
        .subtitle = s->text[SLOT_SUBTITLE],
        .duration_s = s->duration,
        .modules = modules_view(s->modules),
    };
}

void slots_to_meta(const struct slots *s, struct feed_meta *ret)
{
    ret->id = s->plain[SLOT_ID];
    ret->title = s->text[SLOT_TITLE].value;
    ret->title_as_published = s->text[SLOT_TITLE];
    ret->subtitle = s->text[SLOT_SUMMARY];
    ret->rights = s->text[SLOT_RIGHTS];
    ret->info = s->text[SLOT_INFO];
    ret->link = s->plain[SLOT_LINK];
    ret->self = s->plain[SLOT_SELF];
    ret->hub = s->plain[SLOT_HUB];
    ret->next = s->plain[SLOT_NEXT];
    ret->language = s->plain[SLOT_LANGUAGE];
    ret->image = s->plain[SLOT_IMAGE];
    ret->icon = s->plain[SLOT_ICON];
    ret->generator = s->plain[SLOT_GENERATOR];
    ret->published = s->date[SLOT_PUBLISHED];
    ret->updated = s->date[SLOT_UPDATED];
    ret->created = s->date[SLOT_CREATED];
    ret->authors = s->authors.n > 0 ? s->authors.p : s->owners.p;
    ret->n_authors = s->authors.n > 0 ? s->authors.n : s->owners.n;
    ret->contributors = s->contributors.p;
    ret->n_contributors = s->contributors.n;
    ret->tags = s->tags.p;
    ret->n_tags = s->tags.n;
    ret->links = s->links.p;
    ret->n_links = s->links.n;
    ret->owners = s->owners.p;
    ret->n_owners = s->owners.n;
    ret->modules = modules_view(s->modules);
}
