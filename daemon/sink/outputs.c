#include "newsmq/output.h"

const char *output_name(size_t i)
{
    return outputs[i] != NULL ? outputs[i]->name : NULL;
}

const struct output *output_find(struct str name)
{
    for (size_t i = 0; outputs[i] != NULL; i++)
        if (str_eq(name, str_of(outputs[i]->name)))
            return outputs[i];
    return NULL;
}
