// What all commands have in common: the options of every command, where a command's
// data are, and which command was called.

#ifndef TOOLS_COMMAND_BASE_H_
#define TOOLS_COMMAND_BASE_H_

#include <functional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

class CommandBase {
 public:
  // The command that was called. Throws CLI::Error.
  std::function<absl::Status()> Parse(int argc, char** argv);

  // Prints what --help and --version ask for.
  int Exit(const CLI::Error& error);

  // What a person reads about an error of Parse().
  std::string TextOf(const CLI::Error& error) const;

 protected:
  using Run = std::function<absl::Status()>;

  // Where the data of a command are.
  enum class Place {
    kAnywhere,   // In a directory or with a server.
    kNowhere,    // It may do without.
    kDirectory,  // In this process alone.
    kOwn,        // In this process alone, if it is not to make a place of its own.
    kServer,     // With a server alone.
  };

  struct Traits {
    bool csv = false;
    Place place = Place::kAnywhere;
  };

  CommandBase();
  ~CommandBase() = default;

  // A command that runs `run` when it is called.
  CLI::App* Add(CLI::App* parent, const std::string& name, const std::string& description,
                const std::string& examples, Traits traits, const Run& run);
  CLI::App* Add(const std::string& name, const std::string& description,
                const std::string& examples, Traits traits, const Run& run) {
    return Add(&app_, name, description, examples, traits, run);
  }

  // What commands are grouped under.
  CLI::App* Group(const std::string& name, const std::string& description);

  // A number with a default.
  template <typename Value>
  static void Bounded(CLI::App* command, const std::string& name, Value* value,
                      const std::string& description, int least, int most) {
    command->add_option(name, *value, description)
        ->check(CLI::Range(least, most))
        ->capture_default_str();
  }

  CLI::App app_{"Payfold: what sales people are owed, and why."};
  GlobalOptions global_;

 private:
  void AddGlobalOptions();
  // Throws CLI::Error unless the command is told where its data are.
  void CheckPlace() const;

  bool json_ = false;
  bool csv_ = false;
  Run called_;
  bool called_csv_ = false;
  Place place_ = Place::kAnywhere;
};

}  // namespace payfold

#endif  // TOOLS_COMMAND_BASE_H_
