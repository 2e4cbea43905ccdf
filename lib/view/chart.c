/* Columns and bars as SVG. Sizes are attributes: a style in the page would need
   unsafe-inline. */
#include "newsmq/html.h"

#define SPARK_HEIGHT 22
#define SPARK_STEP   5
#define CHART_HEIGHT 120
#define CHART_WIDTH  720

static uint32_t largest(const uint32_t *counts, size_t n)
{
    uint32_t max = 0;

    for (size_t i = 0; i < n; i++)
        if (counts[i] > max)
            max = counts[i];
    return max;
}

/* At least one pixel for what is not nothing. */
static unsigned height_of(uint32_t count, uint32_t max, unsigned height)
{
    unsigned px = max > 0 ? (unsigned)((uint64_t)count * height / max) : 0;

    return count > 0 && px < 2 ? 2 : px;
}

void html_spark(struct html *h, const uint32_t *counts, size_t n, const char *label)
{
    uint32_t max = largest(counts, n);

    html_f(h, "<svg class=\"spark\" width=\"%zu\" height=\"%d\" viewBox=\"0 0 %zu %d\" ",
           n * SPARK_STEP, SPARK_HEIGHT, n * SPARK_STEP, SPARK_HEIGHT);
    html_raw(h, "role=\"img\"");
    html_attr(h, "aria-label", str_of(label));
    html_raw(h, ">");
    for (size_t i = 0; i < n; i++) {
        unsigned tall = height_of(counts[i], max, SPARK_HEIGHT);

        html_f(h, "<rect class=\"%s\" x=\"%zu\" y=\"%u\" width=\"%d\" height=\"%u\"/>",
               counts[i] == 0 ? "none"
               : i + 1 == n   ? "last"
                              : "col",
               i * SPARK_STEP, counts[i] == 0 ? SPARK_HEIGHT - 1 : SPARK_HEIGHT - tall,
               SPARK_STEP - 1, counts[i] == 0 ? 1 : tall);
    }
    html_raw(h, "</svg>");
}

/* 1, 2 or 5 times a power of ten, not below v. */
static uint32_t round_up(uint32_t v)
{
    static const uint32_t steps[] = {1, 2, 5};

    for (uint32_t ten = 1; ten <= 100000000; ten *= 10)
        for (size_t i = 0; i < ARRAY_LEN(steps); i++)
            if (ten * steps[i] >= v)
                return ten * steps[i];
    return v;
}

static void column(struct html *h, size_t i, size_t n, uint32_t count, uint32_t top,
                   const char *name)
{
    double step = (double)CHART_WIDTH / (double)n;
    unsigned tall = height_of(count, top, CHART_HEIGHT);

    html_f(h, "<g><title>");
    html_cstr(h, name);
    html_f(h, "%s%u</title>", name != NULL ? ": " : "", count);
    html_f(h, "<rect class=\"hit\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\"/>",
           (double)i * step, step, CHART_HEIGHT);
    html_f(h,
           "<rect class=\"col\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%u\"/></g>",
           (double)i * step + step * 0.1, CHART_HEIGHT - tall, step * 0.8, tall);
}

static void mark(struct html *h, size_t i, size_t n, const char *name)
{
    double step = (double)CHART_WIDTH / (double)n;

    if (name == NULL)
        return;
    html_f(h, "<text class=\"mark\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">",
           i == 0       ? 0.0
           : i + 1 == n ? (double)CHART_WIDTH
                        : ((double)i + 0.5) * step,
           CHART_HEIGHT + 15,
           i == 0       ? "start"
           : i + 1 == n ? "end"
                        : "middle");
    html_cstr(h, name);
    html_raw(h, "</text>");
}

void html_columns(struct html *h, const uint32_t *counts, const char *const *names,
                  size_t n, const char *label)
{
    uint32_t top = round_up(largest(counts, n));

    if (n == 0)
        return;
    html_f(h, "<svg class=\"columns\" viewBox=\"-34 -8 %d %d\" role=\"img\"",
           CHART_WIDTH + 36, CHART_HEIGHT + 28);
    html_attr(h, "aria-label", str_of(label));
    html_raw(h, ">");
    for (int part = 0; part <= 2; part++) {
        int y = CHART_HEIGHT - CHART_HEIGHT * part / 2;

        if (top % 2 != 0 && part == 1)
            continue;
        html_f(h, "<path class=\"rule\" d=\"M0 %dH%d\"/>", y, CHART_WIDTH);
        html_f(h, "<text class=\"mark\" x=\"-6\" y=\"%d\" text-anchor=\"end\">%u</text>",
               y + 4, top * (unsigned)part / 2);
    }
    for (size_t i = 0; i < n; i++)
        column(h, i, n, counts[i], top, names != NULL ? names[i] : NULL);
    if (names != NULL) {
        mark(h, 0, n, names[0]);
        if (n > 4)
            mark(h, n / 2, n, names[n / 2]);
        if (n > 1)
            mark(h, n - 1, n, names[n - 1]);
    }
    html_raw(h, "</svg>");
}

void html_bar(struct html *h, double value, double max)
{
    double part = max > 0 && value > 0 ? value / max : 0;

    html_f(h,
           "<svg class=\"bar\" width=\"80\" height=\"8\" aria-hidden=\"true\"><rect "
           "class=\"none\" width=\"80\" height=\"8\" rx=\"2\"/><rect class=\"col\" "
           "width=\"%.1f\" height=\"8\" rx=\"2\"/></svg>",
           80 * (part > 1 ? 1 : part));
}
