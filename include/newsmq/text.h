/* text.h - UTF-8, and plain text out of HTML */
#ifndef NEWSMQ_TEXT_H
#define NEWSMQ_TEXT_H

#include "newsmq/err.h"
#include "newsmq/str.h"

/* ---- UTF-8 ---- */

/* Decodes one code point at p < end; *ret_len is 1–4. Invalid bytes answer 0xFFFD and
   the length of the bad part, 1–3 (WHATWG: a maximal subpart). */
uint32_t utf8_decode(const char *p, const char *end, size_t *ret_len);
size_t utf8_encode(uint32_t cp, char out[4]); /* bytes written; U+FFFD for surrogates */
bool utf8_is_valid(struct str s);
size_t utf8_count(struct str s); /* code points of valid UTF-8 */

/* Valid UTF-8 in NFC: bad bytes become U+FFFD, C0/C1 controls except \t \n are dropped,
   CR LF and CR become LF. Text that already is all that is appended as it is, quickly. */
int text_clean(struct str s, struct strbuf *out);

/* A hash of clean text that stays the same while only what counts by itself changes:
   numbers of comments, views and likes ("12 comments", "Comments (12)"), relative ages
   ("5 minutes ago"), tracking parameters of links in the text, and white space. */
uint64_t text_steady_hash(struct str text, uint64_t seed);

/* ---- HTML to text ---- */

/* Appends the plain text of an HTML fragment: character references decoded (HTML5 names),
   tags dropped, white space folded to single spaces, blocks separated by one blank line
   (LF LF), <br> by LF, list items by LF with "- ", rows of a table by LF and its cells by
   a tab, <pre> kept; dropped: script, style, template, noscript and their like, and what
   is hidden (`hidden`, aria-hidden="true", display: none, visibility: hidden). Never
   fails on broken markup. The result is clean (text_clean) and trimmed. 0 or -E2BIG. */
int text_from_html(struct str html, struct strbuf *out);

/* What goes into the text beside the words. */
struct html_options {
    bool alt;        /* the alternative text of pictures, as [text] */
    bool links;      /* http addresses behind the words of a link, as words <https://…>;
                        not where the words are the address, and no more than fill
                        HTML_LINK_BYTES */
    struct str base; /* of relative addresses; absent: those are left out */
};
#define HTML_LINK_BYTES ((size_t)256 * 1024)
int text_from_html_with(struct str html, const struct html_options *o,
                        struct strbuf *out);

/* Plain text as published: cleaned, runs of blank lines made one, trimmed. */
int text_from_plain(struct str plain, struct strbuf *out);

/* Whether text that is declared plain has HTML in it: a known tag or a reference. */
bool text_looks_like_html(struct str s);

/* One line: character references decoded, tags dropped, all white space folded. */
int text_line_from_html(struct str html, struct strbuf *out);

/* Decodes one HTML character reference at s ("&eacute;", "&#8217;", "&amp"); answers the
   bytes it spans in s (0 when it is none) and appends its UTF-8 to out. */
size_t text_decode_reference(struct str s, struct strbuf *out);

#endif
