#include "tools/command_base.h"

#include <iostream>
#include <vector>

#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

constexpr char kFooter[] =
    "A first tour:\n"
    "  payfold demo\n"
    "  payfold init --data ./acme --currency USD\n"
    "  payfold append events.jsonl --data ./acme\n"
    "  payfold plan publish plan.yaml --data ./acme\n"
    "  payfold statement ana 2025-01 --data ./acme\n"
    "PAYFOLD_DATA in the environment stands for --data. With --server the data are a server's\n"
    "(payfold serve) and --data is not looked at.\n"
    "Exit codes: 0 done, 1 refused by the ledger, 2 bad usage, 3 unreachable.";

}  // namespace

CommandBase::CommandBase() {
  app_.name("payfold");
  app_.footer(kFooter);
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.set_version_flag("--version", "payfold 0.1.0");
  AddGlobalOptions();
}

std::function<absl::Status()> CommandBase::Parse(int argc, char** argv) {
  app_.parse(argc, argv);
  if (json_ && csv_) throw CLI::ValidationError("--json and --csv exclude each other");
  if (csv_ && !called_csv_) {
    throw CLI::ValidationError("--csv: this command gives no rows; leave it out or use --json");
  }
  CheckPlace();
  global_.format = json_ ? OutputFormat::kJson : (csv_ ? OutputFormat::kCsv : OutputFormat::kTable);
  return called_;
}

int CommandBase::Exit(const CLI::Error& error) { return app_.exit(error, std::cout, std::cerr); }

std::string CommandBase::TextOf(const CLI::Error& error) const {
  const std::vector<std::string> unknown = app_.remaining();
  const std::string text = app_.get_subcommands().empty() && !unknown.empty()
                               ? absl::StrCat("there is no command \"", unknown.front(), "\"")
                               : error.what();
  return absl::StrCat(text, "; payfold --help says more");
}

void CommandBase::CheckPlace() const {
  const bool served = !global_.server.empty();
  if (place_ == Place::kServer && !served) throw CLI::RequiredError("--server");
  if ((place_ == Place::kDirectory || place_ == Place::kOwn) && served) {
    throw CLI::ValidationError("--server: this command works in its own process; use --data");
  }
  if (place_ == Place::kNowhere || place_ == Place::kOwn || served || !global_.data.empty()) return;
  throw CLI::RequiredError(place_ == Place::kDirectory
                               ? "--data (or PAYFOLD_DATA in the environment)"
                               : "--data (or PAYFOLD_DATA in the environment) or --server");
}

CLI::App* CommandBase::Add(CLI::App* parent, const std::string& name,
                           const std::string& description, const std::string& examples,
                           Traits traits, const Run& run) {
  CLI::App* command = parent->add_subcommand(name, description);
  command->fallthrough();
  command->footer(absl::StrCat("Examples:\n", examples));
  command->callback([this, traits, run] {
    called_ = run;
    called_csv_ = traits.csv;
    place_ = traits.place;
  });
  return command;
}

CLI::App* CommandBase::Group(const std::string& name, const std::string& description) {
  CLI::App* group = app_.add_subcommand(name, description);
  group->require_subcommand(1);
  group->fallthrough();
  return group;
}

void CommandBase::AddGlobalOptions() {
  app_.add_option("--data", global_.data, "Data directory, which holds the ledgers")
      ->envname("PAYFOLD_DATA")
      ->type_name("DIR");
  app_.add_option("--server", global_.server, "A server that has the data, instead of --data")
      ->type_name("HOST:PORT");
  app_.add_option("--timeout", global_.timeout_seconds, "Seconds that each call may take")
      ->check(CLI::Range(1, 86'400))
      ->type_name("SECONDS");
  app_.add_option("--ledger", global_.ledger, "Name of the ledger")->type_name("NAME");
  app_.add_option("--as", global_.as, "Who acts, for the log")->type_name("NAME");
  app_.add_option("--as-of", global_.as_of,
                  "What was known then: a position, a date or a time (RFC 3339)")
      ->type_name("MOMENT");
  app_.add_option("--plans-as-of", global_.plans_as_of,
                  "What was known of plans, where that differs")
      ->type_name("MOMENT");
  app_.add_flag("--json", json_, "Print JSON");
  app_.add_flag("--csv", csv_, "Print CSV, where there are rows");
}

}  // namespace payfold
