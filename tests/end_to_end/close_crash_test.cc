// Servers that are killed while they close periods: a period is closed whole or not at
// all, and the same close can be asked for again.

#include <signal.h>

#include <chrono>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {
namespace {

using ::payfold_testing::EventIdsIn;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;

constexpr int kPeople = 60;
constexpr int kMonths = 12;

constexpr char kPlan[] =
    "plan_id: ae\ncurrency: USD\neffective: {start: 2025-01-01}\neligibility: {roles: [ae]}\n"
    "components:\n- component_id: c\n  measure: {deals: {value: AMOUNT}}\n  payout: {rate: 10%}\n";

std::string Month(int month) { return absl::StrFormat("2025-%02d", month); }

// kPeople participants with a deal in each month.
std::string Company() {
  std::string lines;
  for (int p = 0; p < kPeople; ++p) {
    absl::StrAppend(&lines, R"({"event_id":"p)", p, R"(","source":"t","participant_changed":)",
                    R"({"participant_id":"p)", p,
                    R"(","role":"ae","effective_from":"2024-01-01","status":"ACTIVE"}})", "\n");
    for (int month = 1; month <= kMonths; ++month) {
      const std::string deal = absl::StrCat("d", p, "-", month);
      absl::StrAppend(&lines, R"({"event_id":")", deal, R"(","source":"t","deal_booked":)",
                      R"({"deal_id":")", deal, R"(","owner_id":"p)", p, R"(","booked_on":")",
                      Month(month), R"(-10","amount":{"currency":"USD","minor_units":1000}}})",
                      "\n");
    }
  }
  return lines;
}

void Must(const std::vector<std::string>& words, const std::string& input = "") {
  const auto done = RunPayfold(words, {.input = input});
  ASSERT_EQ(done.exit_code, 0) << done.err;
}

TEST(CloseCrash, AKilledServerHasClosedAPeriodWholeOrNotAtAll) {
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
  size_t closed = 0;
  for (int kill = 0; closed < kMonths && kill < 100; ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    {
      ServerProcess server({.data = data});
      ASSERT_NE(server.address(), "") << server.Err();
      std::thread closer([&] {
        for (int month = static_cast<int>(closed) + 1; month <= kMonths; ++month) {
          RunPayfold({"period", "close", Month(month), "--as", "carla", "--timeout", "20",
                      "--server", server.address()});
        }
      });
      std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 700));
      server.Signal(SIGKILL);
      server.Wait();
      closer.join();
    }
    const std::vector<std::string> ids = EventIdsIn(data);
    size_t statements = 0;
    closed = 0;
    for (const std::string& id : ids) {
      statements += absl::StartsWith(id, "statement:") ? 1 : 0;
      closed += absl::StartsWith(id, "close:") ? 1 : 0;
    }
    EXPECT_EQ(statements, closed * kPeople);
    EXPECT_EQ(ids.size(), facts + statements + closed);
  }
  EXPECT_EQ(closed, kMonths);
}

}  // namespace
}  // namespace payfold
