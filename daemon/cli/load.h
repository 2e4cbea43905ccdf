/* load.h - the configuration, for commands that only want to know where things are */
#ifndef NEWSMQ_CLI_LOAD_H
#define NEWSMQ_CLI_LOAD_H

#include "newsmq/config.h"

/* Reads path. NULL when it cannot be used: then everything was told on stderr, with the
   way out, and the exit status is EX_CONFIG. who: "newsmq status". */
struct config *load_config(const char *path, const char *who);

#endif
