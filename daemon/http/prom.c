#include <math.h>

#include "newsmq/text.h"

#include "prom.h"

#define WHOLE_MAX 9007199254740992.0 /* 2^53 */

static void put(struct prom *p, struct str s)
{
    if (p->rc == 0)
        p->rc = strbuf_add(p->out, s);
}

static void put_text(struct prom *p, const char *z)
{
    put(p, str_of(z));
}

void prom_metric(struct prom *p, const char *name, const char *type, const char *help)
{
    p->name = name;
    if (p->rc == 0)
        p->rc =
            strbuf_addf(p->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Quotes, backslashes and line ends are escaped by the format. */
static void put_label(struct prom *p, struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];

        if (c == '\n')
            put_text(p, "\\n");
        else if (c == '"' || c == '\\')
            put(p, (struct str){(char[2]){'\\', c}, 2});
        else
            put(p, (struct str){&c, 1});
    }
}

static void put_labels(struct prom *p, const struct prom_label *labels, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_text(p, i == 0 ? "{" : ",");
        put_text(p, labels[i].name);
        put_text(p, "=\"");
        put_label(p, utf8_is_valid(labels[i].value) ? labels[i].value : STR("?"));
        put_text(p, "\"");
    }
    if (n > 0)
        put_text(p, "}");
}

static void put_number(struct prom *p, double v)
{
    if (p->rc != 0)
        return;
    if (fabs(v) <= WHOLE_MAX && v == floor(v))
        p->rc = strbuf_addf(p->out, "%.0f", v);
    else
        p->rc = strbuf_addf(p->out, "%.12g", v);
}

static void put_sample(struct prom *p, const char *end, const struct prom_label *labels,
                       size_t n, double value)
{
    put_text(p, p->name);
    put_text(p, end);
    put_labels(p, labels, n);
    put_text(p, " ");
    put_number(p, value);
    put_text(p, "\n");
}

void prom_sample(struct prom *p, const struct prom_label *labels, size_t n, double value)
{
    put_sample(p, "", labels, n, value);
}

void prom_histogram(struct prom *p, const char *name, const char *help,
                    const json_t *json)
{
    const json_t *bounds = json_object_get(json, "le");
    const json_t *counts = json_object_get(json, "counts");
    double count = json_number_value(json_object_get(json, "count"));
    struct prom_label le = {"le", STR("+Inf")};
    size_t i;
    const json_t *v;

    if (!json_is_array(bounds) || json_array_size(bounds) != json_array_size(counts))
        return;
    prom_metric(p, name, "histogram", help);
    json_array_foreach(bounds, i, v)
    {
        char text[32];
        struct strbuf b = {.p = text, .cap = sizeof text, .max = sizeof text - 1};

        (void)strbuf_addf(&b, "%g", json_number_value(v)); /* fits */
        put_sample(p, "_bucket", &(struct prom_label){"le", strbuf_str(&b)}, 1,
                   json_number_value(json_array_get(counts, i)));
    }
    put_sample(p, "_bucket", &le, 1, count);
    put_sample(p, "_sum", NULL, 0, json_number_value(json_object_get(json, "sum")));
    put_sample(p, "_count", NULL, 0, count);
}
