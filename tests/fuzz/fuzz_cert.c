#include <stdlib.h>
#include <string.h>

#include "newsmq/cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is written so that it reads back as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf out = {.max = 4096};
    struct cert c = {0}, back = {0};
    struct err e;

    if (cert_read((struct str){(const char *)data, size}, &c, &e) < 0)
        return 0;
    if (cert_write(&c, c.secret_key[0] != '\0', &out) < 0 ||
        cert_read(strbuf_str(&out), &back, &e) < 0 ||
        strcmp(c.public_key, back.public_key) != 0 ||
        strcmp(c.secret_key, back.secret_key) != 0 || c.roles != back.roles ||
        strcmp(c.name, back.name) != 0)
        abort();
    strbuf_fini(&out);
    return 0;
}
