// Servers that are killed while they replay and commit: a replay is committed whole or
// not at all, what was running goes on after the next start, and the log holds.

#include <signal.h>

#include <chrono>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {
namespace {

using ::payfold_testing::EventIdsIn;
using ::payfold_testing::Finished;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;

constexpr int kPeople = 40;
constexpr int kReplays = 8;

constexpr char kPlan[] =
    "plan_id: ae\ncurrency: USD\neffective: {start: 2025-01-01}\neligibility: {roles: [ae]}\n"
    "components:\n- component_id: c\n  measure: {deals: {value: AMOUNT}}\n  payout: {rate: 10%}\n";

std::string Deal(const std::string& id, const std::string& owner) {
  return absl::StrCat(R"({"event_id":")", id, R"(","source":"t","deal_booked":{"deal_id":")", id,
                      R"(","owner_id":")", owner,
                      R"(","booked_on":"2025-03-10","amount":{"currency":"USD",)",
                      R"("minor_units":100000}}})", "\n");
}

std::string Company() {
  std::string lines;
  for (int p = 0; p < kPeople; ++p) {
    absl::StrAppend(&lines, R"({"event_id":"p)", p, R"(","source":"t","participant_changed":)",
                    R"({"participant_id":"p)", p,
                    R"(","role":"ae","effective_from":"2024-01-01","status":"ACTIVE"}})", "\n",
                    Deal(absl::StrCat("d", p), absl::StrCat("p", p)));
  }
  return lines;
}

void Must(const std::vector<std::string>& words, const std::string& input = "") {
  const Finished done = RunPayfold(words, {.input = input});
  ASSERT_EQ(done.exit_code, 0) << done.err << done.out;
}

// Ids of replays that the log says were committed; each came with its event.
std::set<std::string> Committed(const std::string& data, size_t facts) {
  std::set<std::string> committed, events;
  const std::vector<std::string> ids = EventIdsIn(data);
  for (const std::string& id : ids) {
    absl::string_view rest = id;
    if (absl::ConsumePrefix(&rest, "replay-committed:r")) committed.emplace(rest);
    rest = id;
    if (absl::ConsumePrefix(&rest, "x")) events.emplace(rest);
  }
  EXPECT_EQ(committed, events);
  EXPECT_EQ(ids.size(), facts + committed.size() + events.size());
  return committed;
}

TEST(ReplayCrash, AKilledServerHasCommittedAReplayWholeOrNotAtAll) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const TempDir dir;
  const std::string data = dir.Path("data");
  std::ofstream(dir.Path("plan.yaml")) << kPlan;
  Must({"init", "--currency", "USD", "--data", data});
  Must({"plan", "publish", dir.Path("plan.yaml"), "--data", data});
  Must({"append", "-", "--data", data}, Company());
  const size_t facts = EventIdsIn(data).size();
  std::set<std::string> committed;
  for (int kill = 0; committed.size() < kReplays && kill < 100; ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    {
      ServerProcess server({.data = data});
      ASSERT_NE(server.address(), "") << server.Err();
      std::thread analyst([&] {
        for (int i = 0; i < kReplays; ++i) {
          if (committed.count(absl::StrCat(i)) > 0) continue;
          const std::string id = absl::StrCat("r", i);
          // The one there is goes on, or is there already; facts that came with others
          // change nothing of its difference.
          RunPayfold({"replay", "start", "--add", "-", "--id", id, "--timeout", "20", "--server",
                      server.address()},
                     {.input = Deal(absl::StrCat("x", i), absl::StrCat("p", i))});
          RunPayfold({"replay", "commit", id, "--timeout", "20", "--server", server.address()});
        }
      });
      std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 900));
      server.Signal(SIGKILL);
      server.Wait();
      analyst.join();
    }
    committed = Committed(data, facts);
  }
  EXPECT_EQ(committed.size(), kReplays);
  Must({"verify", "--data", data});
}

}  // namespace
}  // namespace payfold
