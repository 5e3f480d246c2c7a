// The commands `payfold replay …`, with their options.

#ifndef TOOLS_REPLAY_COMMANDS_H_
#define TOOLS_REPLAY_COMMANDS_H_

#include "tools/command_base.h"
#include "tools/replay.h"

namespace payfold {

class ReplayCommands : public CommandBase {
 protected:
  ~ReplayCommands() = default;

  void AddReplays();

 private:
  void AddStart(CLI::App* replay);
  void AddWorkflow(CLI::App* replay);
  void AddDifferences(CLI::App* replay);

  StartReplayOptions start_replay_;
  ReplayOptions replay_;
  ReplayDiffOptions replay_diff_;
};

}  // namespace payfold

#endif  // TOOLS_REPLAY_COMMANDS_H_
