/* words.h - how a program ended, in words */
#ifndef NEWSMQ_SUPERVISE_WORDS_H
#define NEWSMQ_SUPERVISE_WORDS_H

#define EXIT_WORDS_MAX 96

/* status as waitpid(2) gives it: "killed by SIGKILL", "exit 78: the configuration is
   bad". Answers buf. */
const char *exit_words(int status, char buf[EXIT_WORDS_MAX]);

#endif
