#include "gate.h"

/* "[::1]:8787" → "[::1]", "example.org:80" → "example.org"; absent when it is neither. */
static struct str without_port(struct str s)
{
    size_t end = s.n, colon;
    uint64_t port;

    if (s.n > 0 && s.p[0] == '[') {
        end = str_find_char(s, ']', 0);
        if (end == SIZE_MAX)
            return (struct str){NULL, 0};
        end++;
    } else {
        colon = str_find_char(s, ':', 0);
        if (colon != SIZE_MAX)
            end = colon;
    }
    if (end < s.n && (s.p[end] != ':' || !str_to_u64(str_slice(s, end + 1, s.n), &port) ||
                      port > UINT16_MAX))
        return (struct str){NULL, 0};
    return str_slice(s, 0, end);
}

bool gate_knows_host(struct str header, char *const *hosts, size_t n)
{
    struct str host = without_port(str_trim(header));
    struct address address;

    if (host.n == 0)
        return false;
    if (host.p[host.n - 1] == '.')
        host.n--;
    if (str_eq_nocase(host, STR("localhost")))
        return true;
    if (address_read(host, &address) && address_kind_of(&address) == ADDRESS_LOOPBACK)
        return true;
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(host, str_of(hosts[i])))
            return true;
    return false;
}

static size_t seat_of(struct gate *g, const struct address *from)
{
    for (size_t i = 0; i < g->n_seen; i++)
        if (memcmp(&g->seen[i].address, from, sizeof *from) == 0)
            return i;
    if (g->n_seen == GATE_ADDRESSES)
        return GATE_ADDRESSES - 1;
    g->seen[g->n_seen].address = *from;
    g->seen[g->n_seen].n = 0;
    return g->n_seen++;
}

bool gate_admits(struct gate *g, const struct address *from, unsigned max,
                 struct mono now)
{
    if (mono_ms_between(g->second, now) >= SECOND_MS) {
        g->second = now;
        g->n_seen = 0;
    }
    return ++g->seen[seat_of(g, from)].n <= max;
}
