// The payfold command. See README.md.

#include "tools/command_line.h"

int main(int argc, char** argv) { return payfold::RunCommandLine(argc, argv); }
