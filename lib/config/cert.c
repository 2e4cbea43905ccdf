/* The text of a certificate: ZPL (ZeroMQ RFC 4), of which CZMQ and pyzmq write so much:

       #   comment
       metadata
           name = "berlin"
           roles = "work tap"
       curve
           public-key = "…40 characters…"
           secret-key = "…"

   Like pyzmq's reader this one does not mind where a line stands. */
#include <string.h>

#include "newsmq/clock.h"
#include "newsmq/cert.h"

static const char *const role_names[ROLES] = {
    [ROLE_PUBLISH] = "publish",     [ROLE_WORK] = "work",     [ROLE_TAP] = "tap",
    [ROLE_SUBSCRIBE] = "subscribe", [ROLE_REPLAY] = "replay", [ROLE_CONTROL] = "control",
    [ROLE_LOOK] = "look",
};

const char *role_name(enum cert_role r)
{
    return role_names[r];
}

bool role_find(struct str name, enum cert_role *ret)
{
    for (int r = 0; r < ROLES; r++)
        if (str_eq(name, str_of(role_names[r]))) {
            *ret = (enum cert_role)r;
            return true;
        }
    return false;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool cert_is_key(struct str s)
{
    bool ok = s.n == CERT_KEY_CHARS;

    for (size_t i = 0; i < s.n && ok; i++)
        ok = is_word(s.p[i]) ||
             (s.p[i] != '\0' && strchr(".-:+=^!/*?&<>()[]{}@%$#", s.p[i]) != NULL);
    return ok;
}

bool cert_is_name(struct str s)
{
    bool ok = s.n > 0 && s.n <= CERT_NAME_MAX && s.p[0] != '.';

    for (size_t i = 0; i < s.n && ok; i++)
        ok = is_word(s.p[i]) || s.p[i] == '.' || s.p[i] == '_' || s.p[i] == '-';
    return ok;
}

/* ---- reading ---- */

static void keep(char *to, struct str s)
{
    memcpy(to, s.p, s.n);
    to[s.n] = '\0';
}

static struct str unquote(struct str s)
{
    if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
        return str_slice(s, 1, s.n - 1);
    return s;
}

static void read_roles(struct str words, struct cert *c)
{
    while (words.p != NULL) {
        enum cert_role r;

        if (role_find(str_trim(str_cut(&words, ' ')), &r))
            c->roles |= 1U << r;
    }
}

static int read_pair(struct str key, struct str value, struct cert *c, struct err *e)
{
    bool is_secret = str_eq(key, STR("secret-key"));

    if (is_secret || str_eq(key, STR("public-key"))) {
        if (!cert_is_key(value))
            return err_set(e, ERR_FORMAT, STR_FMT " is not 40 characters of Z85",
                           STR_ARG(key));
        keep(is_secret ? c->secret_key : c->public_key, value);
    } else if (str_eq(key, STR("name")) && cert_is_name(value)) {
        keep(c->name, value);
    } else if (str_eq(key, STR("roles"))) {
        read_roles(value, c);
    }
    return 0;
}

int cert_read(struct str text, struct cert *ret, struct err *e)
{
    struct cert c = {0};
    int rc = 0;

    while (text.p != NULL && rc == 0) {
        struct str line = str_trim(str_cut(&text, '\n')), key;

        if (line.n == 0 || line.p[0] == '#')
            continue;
        key = str_trim(str_cut(&line, '='));
        if (line.p != NULL)
            rc = read_pair(key, unquote(str_trim(line)), &c, e);
    }
    if (rc == 0 && c.public_key[0] == '\0')
        rc = err_set(e, ERR_FORMAT, "no public-key in it");
    if (rc == 0)
        *ret = c;
    cert_forget(&c);
    return rc;
}

/* ---- writing ---- */

static int write_roles(unsigned roles, struct strbuf *out)
{
    const char *blank = "";
    int rc = strbuf_add_text(out, "    roles = \"");

    for (int r = 0; r < ROLES && rc == 0; r++) {
        if ((roles & 1U << r) == 0)
            continue;
        rc = strbuf_addf(out, "%s%s", blank, role_names[r]);
        blank = " ";
    }
    return rc == 0 ? strbuf_add_text(out, "\"\n") : rc;
}

int cert_write(const struct cert *c, bool with_secret, struct strbuf *out)
{
    char now[CLOCK_TEXT_MAX];
    int rc = strbuf_addf(out, "#   Written %s by newsmq %s\n%s\n",
                         clock_text(clock_wall_ms(), now), NEWSMQ_VERSION,
                         with_secret
                             ? "#   ZeroMQ CURVE **Secret** Certificate: stays on this "
                               "machine, mode 0600\n"
                             : "#   ZeroMQ CURVE Public Certificate\n");

    if (rc == 0 && (c->name[0] != '\0' || c->roles != 0))
        rc = strbuf_addf(out, "metadata\n    name = \"%s\"\n", c->name);
    if (rc == 0 && c->roles != 0)
        rc = write_roles(c->roles, out);
    if (rc == 0)
        rc = strbuf_addf(out, "curve\n    public-key = \"%s\"\n", c->public_key);
    if (rc == 0 && with_secret)
        rc = strbuf_addf(out, "    secret-key = \"%s\"\n", c->secret_key);
    return rc;
}

void cert_forget(struct cert *c)
{
    explicit_bzero(c->secret_key, sizeof c->secret_key);
}
