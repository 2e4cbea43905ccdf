/* tokens_tsv.h - annotated articles as training text, with the tokens of the runtime */
#ifndef NEWSMQ_TOOLS_TRAIN_TOKENS_TSV_H
#define NEWSMQ_TOOLS_TRAIN_TOKENS_TSV_H

/* The command `tokens`: reads what articles.py writes from the files named (stdin when
   there is none) and writes TSV to stdout. Says on stderr how many names do not begin and
   end where tokens do; each of them with --faults. The exit status. */
int tokens_tsv(int argc, char **argv);

#endif
