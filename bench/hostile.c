/* Documents made to hurt, one process each: the CPU time beyond what a harmless document
   of as many bytes, tags and entries takes, the most memory it held, and what the reader
   is told. The bounds are those that a fetcher has by default, but for the size of the
   document.

   bench-hostile [NAME…]         prints them
   bench-hostile --check [NAME…] fails where memory or the answer is not as it should be;
                                 never because of a time */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "newsmq/feed.h"

#define PIECE        ((size_t)32 * 1024)
#define MEMORY_MAX_K 65536 /* KiB that a process may have held */
#define ENTRIES      500
#define ENTRY_BYTES  ((size_t)8 << 20) /* as a fetcher has it by default */

#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_COUNTS 0 /* the sanitizer's own */
#else
#define MEMORY_COUNTS 1
#endif

#define RSS  "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title>"
#define GOOD "<item><title>good</title><link>http://a.example/1</link></item>"
#define END  "</channel></rss>"
#define TEXT100                                                                      \
    "Text that says nothing, of one hundred bytes, so that a document of some size " \
    "is easily counted.   "
#define JSON                                                                        \
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[" \
    "{\"id\":\"a\",\"title\":\"good\"}"
#define NEWS                                                                             \
    "<item><title>News of the day</title><link>http://a.example/news/2024/05/17</link>"  \
    "<guid>http://a.example/g/77</guid><pubDate>Fri, 17 May 2024 10:00:00 GMT</pubDate>" \
    "<description>" TEXT100 TEXT100 TEXT100 TEXT100 "</description></item>"

/* start, then unit so many times ("%u" in it is its number), then end. */
struct hostile {
    const char *name, *start, *unit;
    unsigned count;
    const char *end;
    size_t piece;     /* bytes a push; 0: PIECE */
    size_t most;      /* entries wanted; 0: ENTRIES */
    bool is_gzip;     /* sent compressed */
    const char *says; /* in the error or a warning; NULL: no error */
    size_t entries;   /* handed on at least */
};

static const struct hostile cases[] = {
    {.name = "billion laughs",
     .start =
         "<!DOCTYPE rss [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
         "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;\">"
         "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;\">]>"
         "<rss><channel>" GOOD "<item><title>",
     .unit = "&f;",
     .count = 100000,
     .end = "</title></item>" END,
     .says = "is made of others, refused",
     .entries = 1},
    {.name = "quadratic entity",
     .start = "<!DOCTYPE rss [<!ENTITY a \"" TEXT100 TEXT100 "\">]><rss><channel>" GOOD
              "<item><title>",
     .unit = "&a;",
     .count = 1000000,
     .end = "</title></item>" GOOD END,
     .says = "entities make the text more than",
     .entries = 1},
    {.name = "long entity",
     .start = "<!DOCTYPE rss [<!ENTITY a \"",
     .unit = TEXT100,
     .count = 100000,
     .end = "\">]><rss><channel>" GOOD "<item><title>&a;</title></item>" END,
     .says = "",
     .entries = 1},
    {.name = "external entity",
     .start = "<!DOCTYPE rss [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><rss><channel>",
     .unit = "<item><title>&a;</title><link>http://a.example/%u</link></item>",
     .count = 20000,
     .end = END,
     .says = "external entity 'a' refused",
     .entries = 500},
    {.name = "entities declared",
     .start = "<!DOCTYPE rss [",
     .unit = "<!ENTITY e%u \"x\">",
     .count = 200000,
     .end = "]><rss><channel>" GOOD END,
     .says = "more than 128 kB",
     .entries = 1},
    {.name = "entities unknown",
     .start = RSS GOOD "<item><title>",
     .unit = "&e%u;",
     .count = 500000,
     .end = "</title></item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "nested 300,000 deep",
     .start = RSS GOOD "<item>",
     .unit = "<d>",
     .count = 300000,
     .end = "",
     .says = "nested deeper than",
     .entries = 1},
    {.name = "nested, broken",
     .start = RSS GOOD "<item> & ",
     .unit = "<d a=b>",
     .count = 300000,
     .end = "",
     .says = "nested deeper than",
     .entries = 1},
    {.name = "100,000 attributes",
     .start = RSS GOOD "<item",
     .unit = " a%u=\"v\"",
     .count = 100000,
     .end = "><title>b</title></item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "100,000 namespaces",
     .start = RSS GOOD "<item",
     .unit = " xmlns:p%u=\"urn:n%u\"",
     .count = 100000,
     .end = "><title>b</title></item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "200,000 names",
     .start = RSS GOOD,
     .unit = "<name-%u-that-nobody-heard-of xmlns:p%u='u'/>",
     .count = 200000,
     .end = GOOD END,
     .says = "too many different names",
     .entries = 1},
    {.name = "attribute of 10 MB",
     .start = RSS GOOD "<item a=\"",
     .unit = TEXT100,
     .count = 100000,
     .end = "\"><title>b</title></item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "text of 30 MB",
     .start = RSS GOOD "<item><title>b</title><description>",
     .unit = TEXT100,
     .count = 300000,
     .end = "</description></item>" GOOD END,
     .entries = 2},
    {.name = "text of 30 MB, broken",
     .start = RSS GOOD "<item><title>a & b</title><description>",
     .unit = TEXT100,
     .count = 300000,
     .end = "</description></item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "title of the feed, 30 MB",
     .start = "<rss><channel><title>",
     .unit = TEXT100,
     .count = 300000,
     .end = "</title>" GOOD END,
     .entries = 1},
    {.name = "1,000,000 items",
     .start = RSS,
     .unit = "<item><title>%u</title><link>http://a.example/%u</link></item>\n",
     .count = 1000000,
     .end = END,
     .entries = 500},
    {.name = "1,000,000 items, all wanted",
     .start = RSS,
     .unit = "<item><title>%u</title><link>http://a.example/%u</link></item>\n",
     .count = 1000000,
     .end = END,
     .most = 2000000,
     .entries = 1000000},
    {.name = "1,000,000 items, broken",
     .start = RSS " & ",
     .unit = "<item><title>%u</title><link>http://a.example/%u</link></item>\n",
     .count = 1000000,
     .end = END,
     .says = "",
     .entries = 500},
    {.name = "1,000,000 tags in one item",
     .start = RSS GOOD "<item><title>b</title>",
     .unit = "<category>%u</category>",
     .count = 1000000,
     .end = "</item>" GOOD END,
     .entries = 2},
    {.name = "300,000 media in one item",
     .start = RSS GOOD "<item><title>b</title>",
     .unit = "<media:content url='http://a.example/%u' medium='image'/>",
     .count = 300000,
     .end = "</item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "CDATA never closed",
     .start = RSS GOOD "<item><title>b</title><description><![CDATA[",
     .unit = TEXT100,
     .count = 300000,
     .end = "",
     .says = "",
     .entries = 1},
    {.name = "comment never closed",
     .start = RSS GOOD "<!--",
     .unit = TEXT100,
     .count = 300000,
     .end = "",
     .says = "",
     .entries = 1},
    {.name = "instruction never closed",
     .start = RSS GOOD "<?x ",
     .unit = TEXT100,
     .count = 300000,
     .end = "",
     .says = "",
     .entries = 1},
    {.name = "declaration never closed",
     .start = "<!DOCTYPE rss [",
     .unit = TEXT100,
     .count = 300000,
     .end = "",
     .says = ""},
    {.name = "angles",
     .start = RSS GOOD "<item><title>b</title><description> & ",
     .unit = "<a",
     .count = 2000000,
     .end = "</description></item>" GOOD END,
     .says = "",
     .entries = 1},
    {.name = "quotes",
     .start = RSS GOOD "<item><title>b</title><description> & ",
     .unit = "<a b=\" c='",
     .count = 400000,
     .end = "</description></item>" GOOD END,
     .says = "",
     .entries = 1},
    {.name = "ampersands",
     .start = RSS GOOD "<item><title>b</title><description>",
     .unit = "&",
     .count = 4000000,
     .end = "</description></item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "end tags",
     .start = RSS GOOD "<item><title>b</title><a><b><c><d><e><f><g> & ",
     .unit = "</nobody%u>",
     .count = 400000,
     .end = "</g></f></e></d></c></b></a></item>" GOOD END,
     .says = "",
     .entries = 2},
    {.name = "junk before the root",
     .start = "",
     .unit = TEXT100,
     .count = 300000,
     .end = "<rss><channel>" GOOD END,
     .says = "neither XML nor JSON"},
    {.name = "white space, 30 MB",
     .start = RSS GOOD,
     .unit = "                                                                        \n",
     .count = 400000,
     .end = GOOD END,
     .entries = 2},
    {.name = "zero bytes, 30 MB",
     .start = "",
     .unit = "\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001\001",
     .count = 2000000,
     .end = "",
     .says = "neither XML nor JSON"},
    {.name = "JSON nested",
     .start = JSON,
     .unit = "[",
     .count = 3000000,
     .end = "",
     .says = ""},
    {.name = "JSON text of 30 MB",
     .start = JSON ",{\"id\":\"2\",\"content_text\":\"",
     .unit = TEXT100,
     .count = 300000,
     .end = "\"},{\"id\":\"3\",\"title\":\"good\"}]}",
     .entries = 2},
    {.name = "JSON, 1,000,000 items",
     .start = JSON,
     .unit = ",{\"id\":\"%u\",\"title\":\"t\"}",
     .count = 1000000,
     .end = "]}",
     .entries = 500},
    {.name = "gzip bomb, 500 MB",
     .start = RSS GOOD "<item><title>",
     .unit =
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaa",
     .count = 5000000,
     .end = "</title></item>" END,
     .is_gzip = true,
     .says = "grows",
     .entries = 1},
    {.name = "gzip of news",
     .start = RSS,
     .unit = NEWS "<!-- %u %u %u -->",
     .count = 5000,
     .end = END,
     .is_gzip = true,
     .entries = 500},
    {.name = "byte by byte, 2 MB",
     .start = RSS,
     .unit = NEWS,
     .count = 2600,
     .end = END,
     .piece = 1,
     .entries = 500},
    {.name = "byte by byte, broken",
     .start = RSS " & ",
     .unit = NEWS,
     .count = 2600,
     .end = END,
     .piece = 1,
     .says = "",
     .entries = 500},
    {.name = "byte by byte, one tag",
     .start = RSS " & <item a=\"",
     .unit = TEXT100,
     .count = 600,
     .end = "\">" GOOD END,
     .piece = 1,
     .says = "",
     .entries = 1},
    {.name = "byte by byte, JSON",
     .start = JSON,
     .unit = ",{\"id\":\"%u\",\"title\":\"" TEXT100 "\"}",
     .count = 10000,
     .end = "]}",
     .piece = 1,
     .entries = 500},
    {.name = "byte by byte, one text",
     .start = RSS GOOD "<item><title>b</title><description>",
     .unit = TEXT100,
     .count = 20000,
     .end = "</description></item>" GOOD END,
     .piece = 1,
     .entries = 3},
};

/* What is fair: of news the cost of a byte; of documents with little else the cost of a
   tag, of a string in JSON, and of an item. */
static const struct hostile harmless[] = {
    {.start = RSS, .unit = NEWS, .count = 25000, .end = END},
    {.start = RSS, .unit = "<a>%u</a><b/>\n", .count = 400000, .end = END},
    {.start = JSON, .unit = ",{\"a\":\"%u\",\"b\":\"c\"}", .count = 200000, .end = "]}"},
    {.start = RSS,
     .unit = "<item><title>%u</title><link>http://a.example/%u</link></item>\n",
     .count = 100000,
     .end = END,
     .most = 100000},
};

struct fair {
    double byte_s, tag_s, string_s, entry_s;
};

/* What a child found out. */
struct outcome {
    double cpu_s;
    size_t bytes, entries;
    size_t tags, strings; /* each '<'; each pair of quotes, in JSON */
    long memory_k;
    int rc;
    char error[200], warning[200];
};

/* ---- one document ---- */

struct sending {
    const struct hostile *h;
    struct feed_parser *p;
    struct outcome *out;
    z_stream z;
    char *buffer; /* PIECE + the longest unit */
    size_t n;
    struct err e;
};

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static size_t count(struct str bytes, char c)
{
    size_t n = 0;

    for (size_t at = 0; (at = str_find_char(bytes, c, at)) != SIZE_MAX; at++)
        n++;
    return n;
}

static void push(struct sending *s, struct str bytes)
{
    size_t piece = s->h->piece > 0 ? s->h->piece : PIECE;
    double t0 = cpu_seconds();

    s->out->bytes += bytes.n;
    for (size_t at = 0; at < bytes.n && s->out->rc == 0; at += piece)
        s->out->rc = feed_parser_push(
            s->p, str_slice(bytes, at, bytes.n - at < piece ? bytes.n : at + piece),
            &s->e);
    s->out->cpu_s += cpu_seconds() - t0;
}

static void send_compressed(struct sending *s, int flush)
{
    unsigned char packed[16384];

    s->z.next_in = (unsigned char *)s->buffer;
    s->z.avail_in = (unsigned)s->n;
    do {
        s->z.next_out = packed;
        s->z.avail_out = sizeof packed;
        if (deflate(&s->z, flush) == Z_STREAM_ERROR)
            abort();
        push(s, (struct str){(char *)packed, sizeof packed - s->z.avail_out});
    } while (s->z.avail_out == 0 && s->out->rc == 0);
}

static void send(struct sending *s, bool is_last)
{
    struct str bytes = {s->buffer, s->n};

    if (s->h->start[0] == '{')
        s->out->strings += count(bytes, '"') / 2;
    else
        s->out->tags += count(bytes, '<');
    if (s->h->is_gzip)
        send_compressed(s, is_last ? Z_FINISH : Z_NO_FLUSH);
    else
        push(s, bytes);
    s->n = 0;
}

static void put(struct sending *s, const char *text, unsigned number)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (c[0] == '%' && c[1] == 'u') {
            s->n += (size_t)sprintf(s->buffer + s->n, "%u", number);
            c++;
        } else {
            s->buffer[s->n++] = *c;
        }
    }
    if (s->n >= PIECE)
        send(s, false);
}

static int on_entry(void *ctx, const struct feed_entry *entry)
{
    (void)entry;
    ((struct outcome *)ctx)->entries++;
    return 0;
}

static void on_warning(void *ctx, struct str text)
{
    struct outcome *o = ctx;

    if (o->warning[0] == '\0')
        (void)snprintf(o->warning, sizeof o->warning, STR_FMT, STR_ARG(text)); /* cut */
}

static struct outcome run(const struct hostile *h)
{
    struct feed_options o = {.url = STR_INIT("http://feed.example/"),
                             .max_entry_bytes = ENTRY_BYTES,
                             .max_entries = h->most > 0 ? h->most : ENTRIES};
    struct outcome out = {0};
    struct feed_receiver r = {&out, on_entry, on_warning};
    struct sending s = {.h = h, .out = &out, .buffer = malloc(PIECE * 2)};
    struct rusage usage;
    double t0;

    if (s.buffer == NULL ||
        (h->is_gzip && deflateInit2(&s.z, 9, Z_DEFLATED, 31, 8, 0) != Z_OK))
        abort();
    s.p = feed_parser_new(&o, &r);
    put(&s, h->start, 0);
    for (unsigned i = 0; i < h->count && out.rc == 0; i++)
        put(&s, h->unit, i);
    put(&s, h->end, 0);
    send(&s, true);
    t0 = cpu_seconds();
    out.rc = feed_parser_finish(s.p, &s.e);
    out.cpu_s += cpu_seconds() - t0;
    if (out.rc < 0)
        (void)snprintf(out.error, sizeof out.error, "%.199s", s.e.text);
    feed_parser_free(s.p);
    free(s.buffer);
    if (h->is_gzip)
        (void)deflateEnd(&s.z);
    (void)getrusage(RUSAGE_SELF, &usage); /* cannot fail */
    out.memory_k = usage.ru_maxrss;
    return out;
}

/* ---- a process each ---- */

static bool run_apart(const struct hostile *h, struct outcome *ret)
{
    int pipe_fds[2], status = 0;
    pid_t child;
    ssize_t n;

    if (pipe(pipe_fds) < 0 || (child = fork()) < 0)
        return false;
    if (child == 0) {
        *ret = run(h);
        n = write(pipe_fds[1], ret, sizeof *ret);
        _exit(n == (ssize_t)sizeof *ret ? 0 : 1);
    }
    (void)close(pipe_fds[1]); /* the child's end */
    n = read(pipe_fds[0], ret, sizeof *ret);
    (void)close(pipe_fds[0]); /* only read from */
    return waitpid(child, &status, 0) == child && status == 0 &&
           n == (ssize_t)sizeof *ret;
}

/* ---- the answer ---- */

static bool says(const struct outcome *o, const char *words)
{
    if (words == NULL)
        return o->error[0] == '\0' && o->warning[0] == '\0';
    if (words[0] == '\0')
        return o->error[0] != '\0' || o->warning[0] != '\0';
    return strstr(o->error, words) != NULL || strstr(o->warning, words) != NULL;
}

static bool is_as_it_should_be(const struct hostile *h, const struct outcome *o)
{
    bool is_good = true;

    if (MEMORY_COUNTS && o->memory_k > MEMORY_MAX_K) {
        printf("  '%s' held %ld KiB, more than %d\n", h->name, o->memory_k, MEMORY_MAX_K);
        is_good = false;
    }
    if (o->entries < h->entries) {
        printf("  '%s' gave %zu entries, fewer than %zu\n", h->name, o->entries,
               h->entries);
        is_good = false;
    }
    if (!says(o, h->says)) {
        printf("  '%s' should say '%s'\n", h->name,
               h->says != NULL ? h->says : "nothing");
        is_good = false;
    }
    return is_good;
}

static bool is_wanted(const char *name, int n, char **wanted)
{
    for (int i = 0; i < n; i++)
        if (strstr(name, wanted[i]) != NULL)
            return true;
    return n == 0;
}

static double fair_s(struct fair f, const struct outcome *o)
{
    return f.byte_s * (double)o->bytes + f.tag_s * (double)o->tags +
           f.string_s * (double)o->strings + f.entry_s * (double)o->entries;
}

/* What is left of the time of a harmless document, for each of n things in it. */
static double rest_s(struct fair f, const struct outcome *o, size_t n)
{
    double rest = o->cpu_s - fair_s(f, o);

    return rest > 0 && n > 0 ? rest / (double)n : 0;
}

static bool measure_fair(struct fair *ret)
{
    struct outcome of[sizeof harmless / sizeof *harmless];

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (!run_apart(&harmless[i], &of[i]) || of[i].rc < 0)
            return false;
    *ret = (struct fair){.byte_s = of[0].cpu_s / (double)of[0].bytes};
    ret->tag_s = rest_s(*ret, &of[1], of[1].tags);
    ret->string_s = rest_s(*ret, &of[2], of[2].strings);
    ret->entry_s = rest_s(*ret, &of[3], of[3].entries);
    printf("harmless: %.0f MB/s of news; %.0f ns more a tag, %.0f ns a string in JSON, "
           "%.0f ns an item\n\n",
           1e-6 / ret->byte_s, ret->tag_s * 1e9, ret->string_s * 1e9, ret->entry_s * 1e9);
    return true;
}

static void print(const struct hostile *h, const struct outcome *o, struct fair f)
{
    printf("%-28s %9.2f %9.1f %9.1f %8.1f %9zu  %s\n", h->name, (double)o->bytes / 1e6,
           o->cpu_s * 1e3, (o->cpu_s - fair_s(f, o)) * 1e3, (double)o->memory_k / 1024,
           o->entries, o->error[0] != '\0' ? o->error : o->warning);
}

int main(int argc, char **argv)
{
    bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
    int skip = check ? 2 : 1, n_faults = 0;
    struct fair fair;
    struct outcome o;

    if (!measure_fair(&fair)) {
        printf("a harmless feed is not read\n");
        return 1;
    }
    printf("%-28s %9s %9s %9s %8s %9s\n", "", "MB", "CPU ms", "beyond", "MB held",
           "entries");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!is_wanted(cases[i].name, argc - skip, argv + skip))
            continue;
        fflush(stdout); /* before a fork */
        if (!run_apart(&cases[i], &o)) {
            printf("  '%s' ended its process\n", cases[i].name);
            n_faults++;
            continue;
        }
        print(&cases[i], &o, fair);
        if (check && !is_as_it_should_be(&cases[i], &o))
            n_faults++;
    }
    return n_faults > 0 ? 1 : 0;
}
