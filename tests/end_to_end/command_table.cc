#include "tests/end_to_end/command_table.h"

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold_testing {
namespace {

constexpr char kEvents[] =
    R"({"event_id":"e2e-1","source":"crm","deal_booked":{"deal_id":"E-1","booked_on":"2025-09-02",)"
    R"("owner_id":"ana","amount":{"currency":"USD","minor_units":5000000},)"
    R"("attributes":{"kind":"new","b":"2","c":"3"}}})"
    "\n"
    R"({"event_id":"e2e-2","source":"crm","deal_cancelled":{"deal_id":"E-1",)"
    R"("cancelled_on":"2025-09-20","amount":{"currency":"USD","minor_units":100000}}})"
    "\n";
constexpr char kBadEvents[] =
    R"({"event_id":"bad 1","source":"crm","deal_booked":{"deal_id":"","booked_on":"2025-02-30",)"
    R"("owner_id":"ana","amount":{"currency":"USD","minor_units":-5}}})"
    "\n"
    R"({"event_id":"e2e-9","source":"crm","deal_boked":{}})"
    "\n";
// A mistake that the ledger finds and the reader of the file does not.
constexpr char kSecondBooking[] =
    R"({"event_id":"e2e-3","source":"crm","deal_booked":{"deal_id":"D-108",)"
    R"("booked_on":"2025-09-02","amount":{"currency":"USD","minor_units":100}}})"
    "\n";
constexpr char kPlan[] =
    "plan_id: extra-2025\ncurrency: USD\neffective: {start: 2025-01-01}\n"
    "eligibility: {roles: [ae]}\ncomponents:\n  - component_id: extra\n    period: MONTH\n"
    "    measure: {deals: {value: AMOUNT}}\n    payout: {rate: 1%}\n";
constexpr char kBadPlan[] =
    "plan_id: extra-2025\ncurrency: XYZ\neffective: {start: 2025-01-01}\n"
    "components:\n  - component_id: extra\n    measure: {deals: {value: AMOUNT}}\n"
    "    payout: {rat: 1%}\n";
constexpr char kDeals[] =
    "id,agent,stage,closed,value\n"
    "C-1,ana,Won,2025-08-01,1200.00\nC-2,ben,Open,2025-12-01,800\nC-3,cem,Lost,2025-08-09,\n"
    "C-4,ana,Won,not a day,1\nC-5,ana,Dreaming,2025-08-01,1\n";
constexpr char kMapping[] =
    "source: crm-export\ncurrency: USD\n"
    "stage: {column: stage, won: [Won], lost: [Lost], open: [Open]}\n"
    "deals: {deal_id: id, owner_id: agent, amount: value, booked_on: closed, lost_on: closed,\n"
    "        expected_on: closed}\n";

constexpr char kNeedsServer[] = "it speaks to a server, and there is none in the process";
constexpr char kOwnProcess[] = "it runs in its own process";
constexpr char kOwnTimes[] = "what was written in each has times of its own";

using Words = std::vector<std::string>;

Command Same(Words words, int exit_code = 0, std::string input = "") {
  return {.words = std::move(words),
          .local_exit = exit_code,
          .remote_exit = exit_code,
          .input = std::move(input)};
}

std::vector<Command> Queries() {
  const std::string line = "ana/ae-2025/commission/2025-Q1/band2/2025-03";
  return {
      Same({"statement", "ana", "2025-03"}),
      Same({"statement", "ana", "2025-03", "--explain"}),
      Same({"statement", "ana", "2025-03", "--html", "--json"}, 2),
      Same({"statement", "cem", "2025-05", "--as-of", "88", "--plans-as-of", "40"}),
      Same({"statement", "ana", "2025-Q1"}, 1),
      Same({"statement", "nobody", "2025-03"}, 1),
      Same({"statement", "ana"}, 2),
      Same({"totals"}),
      Same({"totals", "--from", "2025-03-01", "--to", "2025-03-31", "--currency", "USD"}),
      Same({"totals", "--as-of", "60"}),
      Same({"totals", "--from", "2025-02-30"}, 1),
      Same({"totals", "--from", "2025-03-02", "--to", "2025-03-01"}, 1),
      Same({"balances"}),
      Same({"balances", "--participant", "ben"}),
      Same({"balances", "--as-of", "1"}),
      Same({"balances", "--as-of", "2000-01-01"}),
      Same({"balances", "--as-of", "90000"}, 1),
      Same({"balances", "--as-of", "yesterday"}, 2),
      Same({"balances", "--timeout", "60", "--as", "petra"}),
      Same({"balances", "--timeout", "0"}, 2),
      Same({"balances", "--ledger", "other"}, 3),
      Same({"balances", "--ledger", "../main"}, 1),
      Same({"lines"}),
      Same({"lines", "--participant", "ana", "--period", "2025-Q1", "--plan", "ae-2025",
            "--component", "commission"}),
      Same({"lines", "--participant", "ana", "--period", "soon"}, 1),
      Same({"explain", line}),
      Same({"explain", line, "--as-of", "60"}, 1),
      Same({"explain", "nonsense"}, 1),
      Same({"explain-deal", "D-108", "ben"}),
      Same({"explain-deal", "D-000", "ben"}, 1),
      Same({"attainment", "2025-Q1"}),
      Same({"attainment", "2025-Q1", "--participant", "ana"}),
      Same({"attainment", "whenever"}, 1),
      Same({"leaderboard", "2025-Q2"}),
      Same({"leaderboard", "2025-Q2", "--by", "earned", "--team", "East", "--limit", "2"}),
      Same({"leaderboard", "2025-Q2", "--by", "luck"}, 2),
      Same({"leaderboard", "2025-Q2", "--by", "points", "--territory", "north"}),
      Same({"leaderboard", "2025-Q2", "--by", "attainment", "--plan", "ae-2025", "--component",
            "quota-bonus", "--manager", "mia"}),
      Same({"leaderboard", "2025-Q2", "--by", "measure", "--plan", "ae-2025", "--component",
            "commission"}),
      Same({"leaderboard", "2025-Q2", "--by", "measure", "--plan", "ae-2025", "--component",
            "nothing"},
           1),
      Same({"leaderboard", "2025-Q2", "--by", "measure"}, 2),
      Same({"forecast", "ana", "2025-Q4"}),
      Same({"forecast", "-", "2025-09"}),
      Same({"forecast", "ana", "2025-Q4", "--deal", "D-108"}, 1),
      Same({"forecast", "ana"}, 2),
      Same({"rewards"}),
      Same({"rewards", "--participant", "ana", "--period", "2025-Q1", "--plan", "ae-2025"}),
      Same({"rewards", "--period", "soon"}, 1),
      Same({"exceptions"}),
  };
}

std::vector<Command> LogsAndPlans(const SampleFiles& files) {
  return {
      Same({"log"}),
      Same({"log", "--stream", "deals/D-108"}),
      Same({"log", "--participant", "ana", "--kind", "deal_booked", "--kind", "credit_split"}),
      Same({"log", "--from", "80", "--limit", "5"}),
      Same({"log", "--backwards", "--limit", "3"}),
      Same({"log", "--follow", "--limit", "3"}),
      Same({"log", "--kind", "gossip"}, 1),
      Same({"log", "--follow", "--backwards"}, 2),
      Same({"log", "--from", "12", "--limit", "1", "--raw"}),
      Same({"log", "--raw"}, 2),
      Same({"tree-head"}),
      Same({"tree-head", "--note"}),
      Same({"tree-head", "--size", "3"}, 1),
      Same({"verify", "--workers", "2"}),
      Same({"verify", "--tree-head", files.Made("plan.yaml")}, 1),
      Same({"verify", "--key", "no key"}, 1),
      Same({"proof", "inclusion", "12"}),
      Same({"proof", "inclusion", "12", "--without-event"}),
      Same({"proof", "inclusion", "12", "--size", "20"}, 1),
      Same({"proof", "inclusion", "9999"}, 1),
      Same({"proof", "consistency", "40", "0"}),
      Same({"proof", "consistency", "40", "30"}, 1),
      Same({"proof", "check", files.Made("plan.yaml"), "--event", files.Made("plan.yaml"), "--key",
            "no key"},
           1),
      Same({"proof", "check", files.Made("plan.yaml"), "--tree-head", files.Made("plan.yaml")}, 1),
      Same({"rebuild", "--workers", "2"}),
      Same({"rebuild", "--workers", "1000"}, 1),
      Same({"rebuild", "--projection", "daily-totals"}),
      Same({"rebuild", "--projection", "nothing"}, 1),
      Same({"plan", "list"}),
      Same({"plan", "show", "ae-2025"}),
      Same({"plan", "show", "ae-2025", "--version", "1"}),
      Same({"plan", "show", "nothing"}, 1),
      Same({"plan", "diff", "ae-2025"}),
      Same({"plan", "diff", "ae-2025", "--from", "2", "--to", "1"}),
      Same({"plan", "diff", "sdr-2025"}, 1),
      Same({"plan", "check", files.Sample("ae-2025.yaml")}),
      Same({"plan", "check", files.Made("bad_plan.yaml")}, 1),
      Same({"plan", "check", "-"}, 1, "a: ["),
      Same({"plan", "check", "/nowhere/plan.yaml"}, 2),
  };
}

// The second and third run of each (the formats) finds what the first left.
std::vector<Command> Writes(const SampleFiles& files) {
  return {
      Same({"append", files.Made("bad_events.jsonl")}, 1),
      Same({"append", "-"}, 1, kSecondBooking),
      Same({"append", "/nowhere/events.jsonl"}, 2),
      Same({"append", files.Made("events.jsonl"), "--validate-only"}),
      Same({"append", files.Made("events.jsonl"), "--as", "crm-robot"}),
      Same({"append", "-"}, 0, kEvents),
      Same({"append", files.Sample("01-company.jsonl")}),
      Same({"import", "crm", files.Made("deals.csv"), "--map", files.Made("deals.yaml"),
            "--dry-run"},
           1),
      Same({"import", "crm", files.Made("deals.csv"), "--map", files.Made("deals.yaml")}, 1),
      Same({"import", "crm", files.Made("deals.csv"), "--map", files.Made("plan.yaml")}, 1),
      Same({"plan", "publish", files.Made("bad_plan.yaml")}, 1),
      Same({"plan", "publish", files.Made("plan.yaml"), "--validate-only"}),
      Same({"plan", "publish", files.Made("plan.yaml"), "--event-id", "extra-1"}),
      Same({"statement", "ana", "2025-09"}),
      Same({"exceptions"}),
      {.words = {"log", "--from", "90"}, .differs = kOwnTimes},
      {.words = {"rebuild"}, .differs = kOwnTimes},
      Same({"init", "--currency", "USD"}, 1),
      Same({"init", "--currency", "NOPE", "--ledger", "x"}, 1),
      Same({"init", "--ledger", "a/b", "--currency", "USD"}, 1),
      Same({"init", "--ledger", "de", "--currency", "EUR", "--fiscal-year-start", "13",
            "--payout-period", "two_weeks", "--payout-anchor", "2025-01-06"},
           2),
      Same({"init"}, 2),
  };
}

// Finance's work, by people of their own.
std::vector<Command> Finance(const SampleFiles& files) {
  const auto timed = [](Words words) {
    return Command{.words = std::move(words), .differs = kOwnTimes};
  };
  const std::string ana =
      "participant,amount,currency,reference,date\nana,1.00,USD,W-1,2025-02-05\n";
  return {
      Same({"period"}, 2),
      Same({"period", "list"}),
      Same({"period", "openings"}),
      Same({"period", "openings", "--against", files.Made("openings.csv")}, 1),
      Same({"period", "preview"}),
      Same({"period", "preview", "2025-01"}),
      Same({"period", "preview", "2025-Q1"}, 1),
      Same({"period", "close", "2025-Q1", "--as", "carla"}, 1),
      Same({"period", "close", "2025-01", "--digest", "12", "--as", "carla"}, 2),
      Same({"period", "approve", "2025-01", "--validate-only", "--as", "olga"}, 1),
      Same({"period", "pay", "2025-01", "-", "--validate-only"}, 1, ana),
      timed(
          {"period", "close", "2025-01", "--over-exceptions", "--validate-only", "--as", "carla"}),
      timed({"period", "close", "2025-01", "--over-exceptions", "--as", "carla"}),
      Same({"period", "approve", "2025-01", "--as", "carla"}, 1),
      Same({"period", "approve", "2025-01", "--digest", std::string(64, '0'), "--as", "olga"}, 1),
      timed({"period", "approve", "2025-01", "--as", "olga"}),
      {.words = {"period", "pay", "2025-01", "-", "--as", "carla"},
       .differs = kOwnTimes,
       .input = ana},
      timed({"period", "pay", "2025-01", "--participant", "ana", "--amount", "1.00 USD",
             "--reference", "W-2", "--date", "2025-02-05", "--as", "carla"}),
      Same({"period", "pay", "2025-01", "--participant", "ana"}, 2),
      Same({"period", "pay", "2025-01", files.Made("payments.csv")}, 1),
      Same({"statement", "ana", "2025-01"}),
      Same({"journal"}),
      Same({"journal", "--format", "ledger", "--period", "2025-01"}),
      Same({"journal", "--format", "beancount", "--plan", "ae-2025"}),
      Same({"journal", "--format", "csv", "--participant", "ana"}),
      Same({"journal", "--period", "spring"}, 1),
  };
}

// On the ledger as it is before anything is written to it.
std::vector<Command> Replays(const SampleFiles& files) {
  const auto timed = [](Words words, int exit_code = 0) {
    return Command{.words = std::move(words),
                   .local_exit = exit_code,
                   .remote_exit = exit_code,
                   .differs = kOwnTimes};
  };
  return {
      Same({"replay"}, 2),
      Same({"replay", "list"}),
      Same({"replay", "start", "--add", files.Made("bad_events.jsonl")}, 1),
      Same({"replay", "start", "--plan", files.Made("bad_plan.yaml")}, 1),
      Same({"replay", "start", "--participant", "nobody"}, 1),
      Same({"replay", "start", "--id", "none", "--validate-only"}),
      timed({"replay", "start", "--id", "extra", "--name", "one percent more", "--plan",
             files.Made("plan.yaml")}),
      timed({"replay", "start", "--id", "again", "--events-of", "extra", "--add",
             files.Made("events.jsonl"), "--participant", "ana", "--first-period", "2025-06",
             "--last-period", "2025-09", "--four-eyes"}),
      timed({"replay", "start", "--id", "soon", "--no-wait", "--as-of", "88"}),
      timed({"replay", "watch", "soon"}),
      Same({"replay", "cancel", "soon"}, 1),
      timed({"replay", "list"}),
      timed({"replay", "show", "extra", "--events"}),
      Same({"replay", "show", "nobody"}, 1),
      Same({"replay", "diff", "extra"}),
      Same({"replay", "diff", "again", "--lines", "--order", "gain", "--limit", "2"}),
      Same({"replay", "diff", "again", "--participant", "ana", "--period", "2025-09", "--plan",
            "ae-2025", "--component", "commission"}),
      Same({"replay", "diff", "extra", "--true-ups"}),
      Same({"replay", "diff", "extra", "--order", "best"}, 2),
      Same({"replay", "compare", "extra", "again"}, 1),
      Same({"replay", "compare", "extra", "extra", "--participant", "ana", "--period", "2025-09",
            "--plan", "ae-2025", "--component", "commission", "--order", "loss", "--limit", "3"}),
      Same({"replay", "approve", "again"}, 1),
      Same({"replay", "approve", "again", "--digest", "12", "--as", "olga"}, 2),
      Same({"replay", "commit", "again", "--as", "petra"}, 1),
      timed({"replay", "approve", "again", "--validate-only", "--reason", "seen", "--as", "olga"}),
      Same({"replay", "commit", "extra", "--digest", std::string(64, '0')}, 1),
      timed({"replay", "commit", "extra", "--validate-only", "--reason", "tried", "--as", "petra"}),
  };
}

// Erasures and backups. Those that work are in operations_test.
std::vector<Command> Operations() {
  return {
      Same({"backup"}, 2),
      Same({"backup", "create", "/proc/nowhere", "--keys", "/proc/nowhere/keys"}, 1),
      Same({"backup", "list", "/nowhere"}, 1),
      {.words = {"backup", "restore", "/nowhere", "--backup", "1", "--keys", "/nowhere"},
       .local_exit = 1,
       .remote_exit = 2,
       .differs = kOwnProcess},
      {.words = {"backup", "restore", "/nowhere", "--without-keys"},
       .local_exit = 1,
       .remote_exit = 2,
       .differs = kOwnProcess},
      Same({"erase", "ana"}, 2),
      Same({"erase", "nobody", "--reason", "request 17"}, 1),
      Same({"erase", "ana", "--reason", "request 17", "--validate-only"}),
      {.words = {"erase", "ana", "--reason", "request 17", "--as", "dpo"}, .differs = kOwnTimes},
      Same({"statement", "ana", "2025-01"}),
  };
}

std::vector<Command> Others() {
  return {
      Same({}, 2),
      Same({"frobnicate"}, 2),
      Same({"plan"}, 2),
      Same({"import"}, 2),
      Same({"bench"}, 2),
      Same({"gallery"}, 2),
      Same({"proof"}, 2),
      {.words = {"close", "--ledger", "main"},
       .local_exit = 2,
       .remote_exit = 0,
       .differs = kNeedsServer},
      {.words = {"bench", "append", "--ledger", "main", "--streams", "1", "--batch", "1",
                 "--in-flight", "1", "--rate", "0", "--deals", "1", "--seconds", "1"},
       .local_exit = 2,
       .remote_exit = 1,
       .differs = kNeedsServer},
      {.words = {"bench", "statement", "--ledger", "other", "--clients", "1", "--rate", "0",
                 "--past", "--seconds", "1"},
       .local_exit = 2,
       .remote_exit = 3,
       .differs = kNeedsServer},
      {.words = {"gallery", "list"}, .remote_exit = 2, .differs = kOwnProcess},
      {.words = {"gallery", "run", "badges"},
       .local_exit = 1,
       .remote_exit = 2,
       .differs = kOwnProcess},
      {.words = {"demo"}, .local_exit = 1, .remote_exit = 2, .differs = kOwnProcess},
      {.words = {"serve", "--listen", "0.0.0.0:0", "--drain", "1"},
       .local_exit = 1,
       .remote_exit = 2,
       .differs = kOwnProcess},
  };
}

void Write(const std::string& path, absl::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  CHECK(file.good());
}

}  // namespace

SampleFiles::SampleFiles() {
  Write(Made("events.jsonl"), kEvents);
  Write(Made("bad_events.jsonl"), kBadEvents);
  Write(Made("plan.yaml"), kPlan);
  Write(Made("bad_plan.yaml"), kBadPlan);
  Write(Made("deals.csv"), kDeals);
  Write(Made("deals.yaml"), kMapping);
  Write(Made("openings.csv"), "participant,kind,currency,amount\nana,draw,USD,1.00\n");
  Write(Made("payments.csv"),
        "participant,amount,currency,reference,date\nana,much,USD,W-3,2025-02-05\n");
}

std::string SampleFiles::Sample(absl::string_view name) const {
  return absl::StrCat(PAYFOLD_SAMPLES, "/", name);
}

std::vector<Command> Commands(const SampleFiles& files) {
  std::vector<Command> commands = Queries();
  for (const auto& more : {LogsAndPlans(files), Replays(files), Writes(files), Finance(files),
                           Operations(), Others()}) {
    commands.insert(commands.end(), more.begin(), more.end());
  }
  return commands;
}

}  // namespace payfold_testing
