/* cert.h - CURVE keys in files: text certificates as CZMQ and pyzmq write them (ZPL)

   A pair is two files: NAME.key, which may be shown to anybody, and NAME.key_secret,
   which has the secret key too. A key is 32 bytes as 40 characters of Z85 (ZeroMQ RFC
   32). */
#ifndef NEWSMQ_CERT_H
#define NEWSMQ_CERT_H

#include "newsmq/err.h"
#include "newsmq/str.h"

#define CERT_KEY_CHARS 40
#define CERT_NAME_MAX  31

/* What a key may do at the hub: a role for each of its sockets, and one for those who
   only look (docs/wire.md). */
enum cert_role {
    ROLE_PUBLISH,   /* ingest */
    ROLE_WORK,      /* work */
    ROLE_TAP,       /* tap */
    ROLE_SUBSCRIBE, /* pub */
    ROLE_REPLAY,    /* replay */
    ROLE_CONTROL,   /* control: all calls */
    ROLE_LOOK,      /* control: the calls that change nothing and tell no secrets */
    ROLES,
};

const char *role_name(enum cert_role r);
bool role_find(struct str name, enum cert_role *ret);

struct cert {
    char name[CERT_NAME_MAX + 1]; /* "" when the file does not say */
    char public_key[CERT_KEY_CHARS + 1];
    char secret_key[CERT_KEY_CHARS + 1]; /* "" in a public certificate */
    unsigned roles;                      /* bit 1 << role */
};

bool cert_is_key(struct str s);  /* 40 characters of Z85 */
bool cert_is_name(struct str s); /* 1 to 31 of a-z A-Z 0-9 . _ -, no '.' first */

/* ERR_FORMAT when there is no key in it. Metadata that is not ours is passed over. */
int cert_read(struct str text, struct cert *ret, struct err *e);
/* Without the secret key unless with_secret. */
int cert_write(const struct cert *c, bool with_secret, struct strbuf *out);

/* -EPERM: it has a secret key, and others may read the file. systemd shows the files of
   LoadCredential= to one service alone, whatever their modes say. */
int cert_load(const char *path, struct cert *ret, struct err *e);
/* Replaces the file whole. mode: 0600 with a secret key, 0644 without. */
int cert_save(const char *path, const struct cert *c, bool with_secret, struct err *e);

/* Each NAME.key of a folder, in the order of the names: name is the file's, whatever
   stands in it. bad: why the file is of no use (c is NULL), else NULL. 0 or -errno. */
int cert_each(const char *dir,
              void (*use)(void *ctx, const char *path, const struct cert *c,
                          const char *bad),
              void *ctx, struct err *e);

void cert_forget(struct cert *c); /* the secret key does not stay in memory */

#endif
