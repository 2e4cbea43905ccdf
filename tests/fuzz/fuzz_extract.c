/* Any bytes as the text of an item: the extractors neither break nor say anything that
   cannot be written. The first byte is where title and text are cut. */
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In the order in which they build on each other. */
static struct chain *open_all(void)
{
    static char names[][16] = {"language", "entities", "acronyms",
                               "aliases",  "places",   "quotes"};
    static struct config_extractor list[ARRAY_LEN(names)];
    struct chain *c = NULL;
    struct err e;

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        list[i] = (struct config_extractor){.name = names[i]};
    if (chain_open(list, ARRAY_LEN(names), &c, &e) < 0)
        abort();
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct chain *chain; /* opened once: it reads files */
    static struct result result;
    struct strbuf nlp = {.max = 1 << 26}, clean = {.max = 1 << 26};
    struct str all = {(const char *)data, size};
    struct item it = {0};
    struct err e;
    size_t cut;

    if (chain == NULL)
        chain = open_all();
    if (size == 0)
        return 0;
    cut = 1 + data[0] % size;
    it.title = str_slice(all, 1, cut);
    it.content_text = str_slice(all, cut, size);
    chain_run(chain, &it, &result); /* as it is: worst case */
    if (text_clean(it.content_text, &clean) < 0)
        abort();
    it.content_text = strbuf_str(&clean);
    it.title = (struct str){NULL, 0};
    chain_run(chain, &it, &result);
    if (result_write_nlp(&result, &it, &nlp, &e) < 0)
        abort();
    strbuf_fini(&nlp);
    strbuf_fini(&clean);
    return 0;
}
