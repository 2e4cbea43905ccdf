/* syntax.h - a fault of YAML itself, in words */
#ifndef CONFIG_SYNTAX_H
#define CONFIG_SYNTAX_H

#include <yaml.h>

#include "newsmq/config.h"

/* After yaml_parser_parse has failed. bytes is what it read. */
void fault_syntax(const yaml_parser_t *yaml, const char *file, struct str bytes,
                  struct config_faults *faults);

#endif
