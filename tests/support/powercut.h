/* powercut.h - which bytes a power cut would have left, and when it comes

   powercut.c stands before the calls that change files, linked into a test or preloaded
   into a program. What was synced it notes in the file $POWERCUT_MAP, which both sides
   map and Python reads: all members are little-endian 64-bit numbers. At the call number
   die_at the process ends, in the middle of a write. */
#ifndef TESTS_POWERCUT_H
#define TESTS_POWERCUT_H

#include <stdint.h>

#define POWERCUT_FILES 4096

struct powercut_file {
    uint64_t ino;     /* 0: free */
    uint64_t durable; /* bytes that were synced */
    uint64_t named;   /* its folder was synced since it is there */
};

struct powercut_map {
    uint64_t calls, die_at; /* 0: never */
    uint64_t only_notes;    /* do not really sync */
    uint64_t random;        /* how much of the last write is done */
    struct powercut_file files[POWERCUT_FILES];
};

#define POWERCUT_EXIT 99

/* NULL when $POWERCUT_MAP is not set; the file is made when it is not there. */
struct powercut_map *powercut_map(void);
struct powercut_file *powercut_find(uint64_t ino); /* makes room when it is new */

#endif
