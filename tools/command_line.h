// The command line: options and commands, and what they call.

#ifndef TOOLS_COMMAND_LINE_H_
#define TOOLS_COMMAND_LINE_H_

namespace payfold {

// Runs the command that the arguments name; gives the exit code of the process:
// 0 done, 1 refused, 2 bad usage, 3 unreachable (ExitCode of report.h).
int RunCommandLine(int argc, char** argv);

}  // namespace payfold

#endif  // TOOLS_COMMAND_LINE_H_
