/* faults.h - collecting what is wrong, all of it, each with its place and remedy */
#ifndef CONFIG_FAULTS_H
#define CONFIG_FAULTS_H

#include "newsmq/config.h"

/* The list's own copy of a file's name; the order of first calls is the order of files.
 */
const char *fault_file(struct config_faults *f, const char *file);

void fault_add(struct config_faults *f, const struct config_place *at, const char *fmt,
               ...) __attribute__((format(printf, 3, 4)));
void warning_add(struct config_faults *f, const struct config_place *at, const char *fmt,
                 ...) __attribute__((format(printf, 3, 4)));

/* What to do about the fault that was added last. */
void fault_hint(struct config_faults *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

void faults_sort(struct config_faults *f);

#endif
