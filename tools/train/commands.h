/* commands.h - the commands of newsmq-train; each answers an exit status */
#ifndef NEWSMQ_TRAIN_COMMANDS_H
#define NEWSMQ_TRAIN_COMMANDS_H

int command_pack(int argc, char **argv);
int command_crf(int argc, char **argv);
int command_subtypes(int argc, char **argv);
int command_eval(int argc, char **argv);
int command_posteriors(int argc, char **argv);
int command_network(int argc, char **argv);
int command_classes(int argc, char **argv);
int command_topics(int argc, char **argv);

#endif
