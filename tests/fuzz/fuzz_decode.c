/* Any bytes in any encoding: what comes out is valid UTF-8, ends between characters, and
   is the same whether the bytes come at once or in pieces. The first byte chooses the
   label, the second the pieces. */
#include <stdlib.h>

#include "newsmq/text.h"

#include "../../daemon/parse/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const labels[] = {
    NULL,
    "text/xml",
    "text/xml; charset=utf-8",
    "text/xml; charset=utf-16",
    "text/xml; charset=utf-16le",
    "text/xml; charset=utf-32",
    "text/xml; charset=iso-8859-1",
    "text/xml; charset=windows-1252",
    "text/xml; charset=koi8-r",
    "text/xml; charset=gb2312",
    "text/xml; charset=gb18030",
    "text/xml; charset=big5",
    "text/xml; charset=shift_jis",
    "text/xml; charset=euc-jp",
    "text/xml; charset=iso-2022-jp",
    "text/xml; charset=euc-kr",
    "text/xml; charset=utf-7",
    "text/xml; charset=\"no such\"",
};

static void add(struct strbuf *out, struct str text)
{
    if (!utf8_is_valid(text))
        abort();
    if (strbuf_add(out, text) < 0)
        abort();
}

static void decode(struct str bytes, const char *label, size_t piece, struct strbuf *out)
{
    struct charset charset;
    struct decode d = {0};

    charset_find(bytes, str_of(label), &charset);
    decode_init(&d, &charset);
    bytes = str_slice(bytes, charset.bom_bytes, bytes.n);
    while (bytes.n > piece) {
        add(out, decode_push(&d, str_slice(bytes, 0, piece), false));
        bytes = str_slice(bytes, piece, bytes.n);
    }
    add(out, decode_push(&d, bytes, true));
    decode_fini(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf whole = {.max = 1 << 24}, pieces = {.max = 1 << 24};
    struct str bytes = {(const char *)data, size};
    const char *label;

    if (size < 2)
        return 0;
    label = labels[data[0] % ARRAY_LEN(labels)];
    bytes = str_slice(bytes, 2, size);
    decode(bytes, label, bytes.n, &whole);
    decode(bytes, label, (size_t)data[1] + 1, &pieces);
    if (!str_eq(strbuf_str(&whole), strbuf_str(&pieces)))
        abort();
    strbuf_fini(&whole);
    strbuf_fini(&pieces);
    return 0;
}
