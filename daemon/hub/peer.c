/* Answers to peers. Nothing here waits: what a peer has no room for is dropped, since
   every peer asks again when it gets no answer. */
#include "newsmq/json.h"

#include "hub.h"

struct str peer_of(const struct unit *u)
{
    return nmq1_get(&u->msg, 0);
}

int peer_send(void *socket, struct str peer, const struct str *frames, size_t n)
{
    struct str all[12] = {peer, STR("NMQ1")};

    for (size_t i = 0; i < n && i + 2 < ARRAY_LEN(all); i++)
        all[i + 2] = frames[i];
    return nmq1_send(socket, all, n + 2);
}

void peer_err(struct hub *h, void *socket, struct str peer, int code, const char *text,
              struct str ref)
{
    char number[24];

    counts_refused(&h->counts, code);
    (void)peer_say(socket, peer, STR("ERR"), nmq1_number((uint64_t)code, number),
                   str_of(text), ref.p != NULL ? ref : STR("")); /* see above */
}

bool is_name(struct str s, size_t max)
{
    if (s.n == 0 || s.n > max)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c <= ' ' || c >= 0x7f || c == '/' || c == '"' || c == '\\')
            return false;
    }
    return true;
}

const char *lang_level(struct str tag, char out[LANG_MAX])
{
    size_t n = 0;

    for (; n < tag.n && tag.p[n] != '-' && tag.p[n] != '_'; n++) {
        char c = (char)(tag.p[n] | 0x20);

        if (n + 1 >= LANG_MAX || c < 'a' || c > 'z') {
            n = 0;
            break;
        }
        out[n] = c;
    }
    out[n < 2 ? 0 : n] = '\0';
    return out;
}
