/* Any bytes as a Link header and, behind the first line, as a signature: links are slices
   of the header, each is read once, and nobody guesses an HMAC. */
#include <stdlib.h>

#include "../../daemon/fetch/link_header.h"
#include "../../daemon/fetch/websub_discover.h"
#include "../../daemon/fetch/websub_sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_inside(struct str all, struct str part)
{
    return part.p == NULL || part.n == 0 ||
           (part.p >= all.p && part.p + part.n <= all.p + all.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, header = str_cut(&rest, '\n'),
               left = header;
    char *hub = NULL, *topic = NULL;
    struct link_value l;
    size_t n = 0;

    while (link_header_next(&left, &l)) {
        if (!is_inside(header, l.target) || !is_inside(header, l.rel) || ++n > size)
            abort();
        (void)link_has_rel(&l, STR("hub"));
    }
    websub_discover(header, NULL, STR("https://feed.example.org/a"), &hub, &topic);
    if ((hub == NULL) != (topic == NULL))
        abort();
    free(hub);
    free(topic);
    if (websub_sign_fits(rest, STR("a secret that no input knows"), header))
        abort();
    return 0;
}
