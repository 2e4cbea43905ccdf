/* The world in the Natural Earth projection (Šavrič, Jenny, Patterson, Petrovič, Hurni: A
   Polynomial Equation for the Natural Earth Projection, 2011), as tools/gen_worldmap
   draws its land. */
#include <math.h>

#include "newsmq/html.h"

#define WIDTH  1440.0
#define HEIGHT 620.0
#define TOP    84.0 /* degrees */
#define MANY   12
#define PI     3.14159265358979323846

extern const struct str world_path;

struct place {
    double x, y;
};

static struct place project(double lat, double lon)
{
    double f = lat * PI / 180, p2 = f * f, p4 = p2 * p2, p8 = p4 * p4;
    double x = lon * PI / 180 *
               (0.870700 - 0.131979 * p2 - 0.013791 * p4 + 0.003971 * p8 * p2 -
                0.001529 * p8 * p4);
    double y = f * (1.007226 + 0.015085 * p2 - 0.044475 * p4 * p2 + 0.028874 * p8 -
                    0.005916 * p8 * p2);
    double scale = WIDTH / 2 / (PI * 0.870700);

    return (struct place){WIDTH / 2 + x * scale, y * scale};
}

static bool is_on_map(const struct html_point *p)
{
    return p->lat >= -60 && p->lat <= TOP && p->lon >= -180 && p->lon <= 180;
}

static void point(struct html *h, const struct html_point *p, uint64_t max,
                  bool is_one_of_many)
{
    struct place at = project(p->lat, p->lon), top = project(TOP, 0);
    double part = max > 0 ? sqrt((double)p->weight / (double)max) : 0;
    double radius = is_one_of_many ? 5 + 17 * part : 14 + 12 * part;

    if (p->href.p != NULL) {
        html_raw(h, "<a");
        html_attr(h, "href", p->href);
        html_raw(h, ">");
    }
    html_f(h, "<circle class=\"place\" cx=\"%.0f\" cy=\"%.0f\" r=\"%.0f\"><title>", at.x,
           top.y - at.y, radius);
    html_text(h, p->name);
    if (p->weight > 1)
        html_f(h, " (%llu)", (unsigned long long)p->weight);
    html_raw(h, "</title></circle>");
    if (p->href.p != NULL)
        html_raw(h, "</a>");
}

void html_map(struct html *h, const struct html_point *points, size_t n,
              const char *label)
{
    uint64_t max = 0;
    size_t shown = 0;

    for (size_t i = 0; i < n; i++) {
        shown += is_on_map(&points[i]);
        if (points[i].weight > max)
            max = points[i].weight;
    }
    if (shown == 0)
        return;
    html_f(h, "<svg class=\"map\" viewBox=\"60 0 %.0f %.0f\" role=\"img\"", WIDTH - 60,
           HEIGHT);
    html_attr(h, "aria-label", str_of(label));
    html_raw(h, "><path class=\"land\" d=\"");
    html_text(h, world_path);
    html_raw(h, "\"/>");
    for (size_t i = 0; i < n; i++)
        if (is_on_map(&points[i]))
            point(h, &points[i], max, shown > MANY);
    html_raw(h, "</svg>");
}
