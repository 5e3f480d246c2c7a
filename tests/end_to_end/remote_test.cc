// Every command of the binary, asked of a data directory and of a server over a
// copy of it: people and programs cannot tell the two apart.

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/command_table.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {
namespace {

using ::payfold_testing::Command;
using ::payfold_testing::Commands;
using ::payfold_testing::EventIdsIn;
using ::payfold_testing::Finished;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::SampleFiles;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr int kBadUsage = 2;
constexpr int kUnreachable = 3;

// Nobody listens there.
constexpr char kNobody[] = "127.0.0.1:1";

using WordList = std::vector<std::string>;

WordList With(WordList words, const WordList& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string Text(const WordList& words) { return absl::StrJoin(words, " "); }

// What a finished command shows, to be compared as a whole.
std::string Shown(const Finished& finished) {
  return absl::StrCat("exit code ", finished.exit_code, "\n--- output\n", finished.out,
                      "\n--- errors\n", finished.err);
}

// Names under a heading of a help text: "  close     Make a server …" → "close".
WordList NamesUnder(const std::string& help, const std::string& heading) {
  WordList names;
  bool inside = false;
  for (const std::string& line : WordList(absl::StrSplit(help, '\n'))) {
    if (line == heading) {
      inside = true;
    } else if (line.empty()) {
      inside = false;
    } else if (inside && line.size() > 2 && line[2] != ' ') {
      names.push_back(line.substr(2, line.find_first_of(" ,:=", 2) - 2));
    }
  }
  return names;
}

std::string HelpOf(const WordList& command) {
  const Finished help = RunPayfold(With(command, {"--help"}));
  EXPECT_EQ(help.exit_code, 0) << help.err;
  return help.out;
}

// All commands that have no commands below them, as the binary itself lists them.
std::vector<WordList> LeafCommands(const WordList& from = {}) {
  const WordList below = NamesUnder(HelpOf(from), "Subcommands:");
  if (below.empty()) return {from};
  std::vector<WordList> leaves;
  for (const std::string& name : below) {
    for (const WordList& leaf : LeafCommands(With(from, {name}))) leaves.push_back(leaf);
  }
  return leaves;
}

// A row of the table that is of this command and has this option; any, if it is empty.
bool HasRow(const std::vector<Command>& commands, const WordList& command,
            const std::string& option) {
  return std::any_of(commands.begin(), commands.end(), [&](const Command& row) {
    const WordList& words = row.words;
    return words.size() >= command.size() &&
           std::equal(command.begin(), command.end(), words.begin()) &&
           (option.empty() || std::count(words.begin(), words.end(), option) > 0);
  });
}

// Both directories are called "data", so that messages that name it are the same.
class Remote : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new TempDir();
    home_ = new std::string(std::filesystem::current_path());
    files_ = new SampleFiles();
    for (const char* side : {"local", "remote"}) std::filesystem::create_directory(Path(side));
    CHECK(RunPayfold({"demo", "--data", Path("local/data")}).exit_code == 0);
    std::filesystem::copy(Path("local/data"), Path("remote/data"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::current_path(Path("local"));
    server_ = new ServerProcess({.data = "data", .working_directory = Path("remote")});
    CHECK(!server_->address().empty());
  }
  static void TearDownTestSuite() {
    std::filesystem::current_path(*home_);
    delete server_;
    delete files_;
    delete home_;
    delete dir_;
  }

  static std::string Path(const std::string& name) { return dir_->Path(name); }
  static std::vector<Command> AllCommands() { return Commands(*files_); }

  struct Both {
    Finished local;
    Finished remote;
  };
  static Both RunBoth(const Command& command, const WordList& format) {
    const WordList words = With(command.words, format);
    auto local = std::async(std::launch::async, [&] {
      return RunPayfold(With(words, {"--data", "data"}), {.input = command.input});
    });
    Both both;
    both.remote =
        RunPayfold(With(words, {"--server", server_->address()}), {.input = command.input});
    both.local = local.get();
    return both;
  }

  static TempDir* dir_;
  static std::string* home_;
  static SampleFiles* files_;
  static ServerProcess* server_;
};

TempDir* Remote::dir_ = nullptr;
std::string* Remote::home_ = nullptr;
SampleFiles* Remote::files_ = nullptr;
ServerProcess* Remote::server_ = nullptr;

TEST_F(Remote, AnswersAreThoseOfTheProcessForEveryCommandInEveryFormat) {
  for (const Command& command : AllCommands()) {
    std::vector<WordList> formats = {{}};
    // An error reads the same in every format.
    if (command.remote_exit == 0) formats.insert(formats.end(), {{"--json"}, {"--csv"}});
    for (const WordList& format : formats) {
      SCOPED_TRACE(Text(With(command.words, format)));
      const Both both = RunBoth(command, format);
      if (command.differs.empty()) {
        EXPECT_EQ(Shown(both.remote), Shown(both.local));
      }
      for (const Finished& finished : {both.local, both.remote}) {
        EXPECT_EQ(finished.exit_code == 0, finished.err.empty()) << Shown(finished);
        EXPECT_THAT(finished.ErrorLines(), Each(StartsWith("payfold: ")));
      }
      if (absl::StrContains(both.remote.err, "gives no rows")) continue;
      EXPECT_EQ(both.local.exit_code, command.local_exit) << Shown(both.local);
      EXPECT_EQ(both.remote.exit_code, command.remote_exit) << Shown(both.remote);
    }
  }
}

TEST_F(Remote, TheTableHasEveryCommandAndEveryOptionOfTheBinary) {
  const std::set<std::string> apart = {"-h",       "--help", "--version", "--data",
                                       "--server", "--json", "--csv"};
  const std::vector<Command> rows = AllCommands();
  const std::vector<WordList> leaves = LeafCommands();
  EXPECT_THAT(leaves, SizeIs(Ge(20u)));
  for (const WordList& leaf : leaves) {
    EXPECT_TRUE(HasRow(rows, leaf, "")) << "no row for payfold " << Text(leaf);
  }
  std::vector<WordList> levels = leaves;
  levels.push_back({});
  for (const WordList& level : levels) {
    for (const std::string& option : NamesUnder(HelpOf(level), "Options:")) {
      if (apart.count(option) > 0) continue;
      EXPECT_TRUE(HasRow(rows, level, option))
          << "no row has " << option << " of payfold " << Text(level);
    }
  }
}

// Only the place differs: a directory, or a server.
TEST_F(Remote, ANewLedgerIsMadeWithTheSameWordsButForThePlace) {
  const WordList words = {"init", "--ledger",        "de",     "--currency",
                          "EUR",  "--payout-period", "quarter"};
  const Both both = RunBoth({.words = words}, {});
  EXPECT_EQ(both.local.out, "ledger \"de\" is made in data: EUR, paid by quarter\n");
  EXPECT_THAT(both.remote.out,
              AllOf(StartsWith("ledger \"de\" is made"), EndsWith(": EUR, paid by quarter\n"),
                    Not(HasSubstr(" in :"))));
  for (const Finished& finished : {both.local, both.remote}) {
    EXPECT_EQ(finished.exit_code, 0);
    EXPECT_EQ(finished.err, "");
  }
}

TEST_F(Remote, HelpIsTheSameBesideAServerAndADirectory) {
  for (const WordList& leaf : LeafCommands()) {
    const Both both = RunBoth({.words = With(leaf, {"--help"})}, {});
    EXPECT_EQ(Shown(both.remote), Shown(both.local));
    EXPECT_THAT(both.remote.out, HasSubstr("Usage: payfold "));
  }
}

TEST_F(Remote, AServerThatIsNotThereIsUnreachableToEveryCommandThatNeedsOne) {
  std::set<std::string> seen;
  for (const Command& command : AllCommands()) {
    if (command.words.empty() || command.remote_exit == kBadUsage) continue;
    if (command.remote_exit == 1 && command.differs.empty()) continue;
    const WordList name(command.words.begin(),
                        command.words.begin() + std::min<long>(2, std::ssize(command.words)));
    if (!seen.insert(Text(name)).second) continue;
    const Finished finished =
        RunPayfold(With(command.words, {"--server", kNobody}), {.input = command.input});
    EXPECT_EQ(finished.exit_code, kUnreachable) << Text(command.words) << Shown(finished);
    EXPECT_THAT(finished.ErrorLines(),
                ElementsAre(AllOf(HasSubstr("cannot reach"), HasSubstr(kNobody))))
        << Text(command.words);
  }
  EXPECT_THAT(seen, SizeIs(Ge(15u)));
}

TEST_F(Remote, AnAddressThatIsNoneIsSaid) {
  for (const char* address : {"", "nowhere.invalid:7077", "127.0.0.1:port", "127.0.0.1:99999"}) {
    const Finished finished = RunPayfold({"balances", "--server", address});
    EXPECT_THAT(finished.exit_code, AnyOf(kBadUsage, kUnreachable)) << address;
    EXPECT_THAT(finished.ErrorLines(), SizeIs(1)) << finished.err;
  }
}

TEST_F(Remote, AServerIsPreferredToTheDirectoryOfTheEnvironment) {
  const Finished finished = RunPayfold({"balances", "--server", server_->address()},
                                       {.data_environment = Path("nothing-here")});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_FALSE(std::filesystem::exists(Path("nothing-here")));
}

TEST_F(Remote, WhatRunsInItsOwnProcessRefusesAServer) {
  for (const char* command : {"demo", "serve"}) {
    const Finished finished = RunPayfold({command, "--server", server_->address()});
    EXPECT_EQ(finished.exit_code, kBadUsage);
    EXPECT_THAT(finished.ErrorLines(), ElementsAre(HasSubstr("in its own process")));
  }
}

TEST_F(Remote, TheDirectoryOfARunningServerIsRefusedToOthersUntilItEnds) {
  const Finished refused = RunPayfold({"balances", "--data", Path("remote/data")});
  EXPECT_EQ(refused.exit_code, kUnreachable);
  EXPECT_THAT(refused.ErrorLines(), ElementsAre(HasSubstr("in use")));
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait(), 0) << server_->Err();
  const auto ids = [](const std::string& data) {
    std::vector<std::string> all = EventIdsIn(data);
    // Those of erasures are made up anew.
    for (std::string& id : all) {
      if (absl::StartsWith(id, "erasure-")) id = "erasure-";
    }
    return all;
  };
  EXPECT_EQ(ids(Path("remote/data")), ids(Path("local/data")));
}

}  // namespace
}  // namespace payfold
