/* sandbox_private.h - what the files of the sandbox share */
#ifndef NEWSMQ_OS_SANDBOX_PRIVATE_H
#define NEWSMQ_OS_SANDBOX_PRIVATE_H

#include "newsmq/sandbox.h"

/* Sanitizers start processes, trace and look around at the end. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_IS_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_IS_SANITIZED
#define SANDBOX_IS_SANITIZED 0
#endif

/* sandbox_files.c: 0 with the walls of files and ports in *ret, or the cause: -ENOSYS and
   -EOPNOTSUPP where this kernel has no Landlock. */
int sandbox_files(const struct sandbox_paths *paths, struct sandbox_walls *ret,
                  struct err *e);

/* sandbox_calls.c: 0, or the cause. */
int sandbox_calls(enum sandbox_role role, const struct sandbox_paths *paths,
                  struct err *e);

#endif
