// A year of a small company, closed month by month from the command line by three
// people, with journals that hledger, ledger and beancount judge.

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
#include "payfold/v1/payout_service.pb.h"
#include "payfold/v1/period_service.pb.h"
#include "tests/support/accounting_tools.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {
namespace {

using ::payfold_testing::AccountBalances;
using ::payfold_testing::Finished;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::Judge;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::TempDir;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Request = v1::ExportJournalRequest;

// A recoverable draw, and money held until the customer pays.
constexpr char kPlan[] =
    "plan_id: ae-2025\ncurrency: USD\neffective: {start: 2025-01-01}\n"
    "eligibility: {roles: [ae]}\n"
    "draw: {amount: 800, recoverable: true, recover_from: EXCESS, recovery_rate: 50%}\n"
    "components:\n- component_id: commission\n  measure: {deals: {value: AMOUNT}}\n"
    "  payout: {rate: 10%}\n"
    "  schedule: [{share: 60%, due: BOOKED}, {share: 40%, due: COLLECTED}]\n";
// Three digits after the point, and a draw that is paid up front.
constexpr char kGulfPlan[] =
    "plan_id: gulf\ncurrency: KWD\neffective: {start: 2025-01-01}\n"
    "eligibility: {roles: [gulf]}\n"
    "draw: {amount: 100, recoverable: true, recover_from: EARNINGS, recovery_rate: 100%}\n"
    "components:\n- component_id: commission\n  measure: {deals: {value: AMOUNT}}\n"
    "  payout: {rate: 7.3%}\n";

std::string Month(int month) { return absl::StrFormat("2025-%02d", month); }

class FinanceYear : public testing::Test {
 protected:
  FinanceYear() {
    Run({"init", "--currency", "USD"});
    for (const auto& [name, plan] :
         std::map<std::string, std::string>{{"ae", kPlan}, {"gulf", kGulfPlan}}) {
      std::ofstream(dir_.Path(name)) << plan;
      Run({"plan", "publish", dir_.Path(name), "--as", "petra"});
    }
    for (const auto& [id, role] :
         std::map<std::string, std::string>{{"ana", "ae"}, {"Ben.K", "ae"}, {"cem", "gulf"}}) {
      Fact("participant_changed", absl::StrCat(R"("participant_id":")", id, R"(","role":")", role,
                                               R"(","effective_from":"2024-01-01",)"
                                               R"("status":"ACTIVE","display_name":"<b>)",
                                               id, "</b>\""));
    }
  }

  Finished RunAny(std::vector<std::string> words, const std::string& input = "") {
    words.insert(words.end(), {"--data", dir_.Path("data")});
    return RunPayfold(words, {.input = input});
  }
  // What it prints. REQUIRES: it succeeds.
  std::string Run(const std::vector<std::string>& words, const std::string& input = "") {
    const Finished done = RunAny(words, input);
    EXPECT_EQ(done.exit_code, 0) << words[0] << " " << (words.size() > 1 ? words[1] : "") << ": "
                                 << done.err;
    return done.out;
  }
  template <typename Message>
  Message Ask(std::vector<std::string> words) {
    words.push_back("--json");
    Message message;
    CHECK(google::protobuf::util::JsonStringToMessage(Run(words), &message).ok());
    return message;
  }

  void Fact(const std::string& kind, const std::string& fields) {
    Run({"append", "-"}, absl::StrCat(R"({"event_id":"f)", ++facts_, R"(","source":"test",")", kind,
                                      "\":{", fields, "}}\n"));
  }
  void Book(const std::string& deal, const std::string& owner, const std::string& day,
            int64_t minor, const std::string& currency = "USD") {
    Fact("deal_booked",
         absl::StrCat(R"("deal_id":")", deal, R"(","owner_id":")", owner, R"(","booked_on":")", day,
                      R"(","amount":{"currency":")", currency, R"(","minor_units":)", minor, "}"));
  }
  void Open(const std::string& participant, const std::string& kind, int64_t cents) {
    Fact("opening_balance",
         absl::StrCat(R"("participant_id":")", participant, R"(","as_of":"2024-12-31","kind":")",
                      kind, R"(","amount":{"currency":"USD","minor_units":)", cents, "}"));
  }

  // What a month brings: deals, money of customers, late facts.
  void Happen(int month) {
    if (month % 4 != 3) Book(absl::StrCat("A", month), "ana", Month(month) + "-10", 1'234'567);
    Book(absl::StrCat("B", month), "Ben.K", Month(month) + "-20", 350'055 + 100'000 * month);
    Book(absl::StrCat("C", month), "cem", Month(month) + "-15", 1'234'567 + month, "KWD");
    if (month % 4 == 2) {
      Fact("payment_collected",
           absl::StrCat(R"("deal_id":"A)", month - 1, R"(","date":")", Month(month),
                        R"(-05","amount":{"currency":"USD","minor_units":1000000})"));
    }
    if (month == 6) {
      Fact("deal_cancelled", R"("deal_id":"A4","cancelled_on":"2025-06-07")");
    }
    if (month == 8) {
      Fact("adjustment_posted",
           R"("adjustment_id":"ADJ-1","participant_id":"Ben.K","period":"2025-08",)"
           R"("reason":"promised","plan_id":"ae-2025",)"
           R"("amount":{"currency":"USD","minor_units":-12345})");
      Fact("dispute_opened",
           R"("dispute_id":"Q-1","participant_id":"ana","period":"2025-05","text":"D-9?")");
    }
    // Of months that are closed: adjusted in this month's close.
    if (month == 9) Book("LATE", "ana", "2025-05-15", 999'999);
    if (month == 10) {
      Fact("deal_amended", R"("deal_id":"B2","amended_on":"2025-02-25","mode":"RESTATE",)"
                           R"("amount":{"currency":"USD","minor_units":100000})");
    }
  }

  // Closes, approves and pays what is payable, in two parts.
  void Settle(int month) {
    const std::string period = Month(month);
    const auto preview = Ask<v1::PreviewCloseResponse>({"period", "preview", period});
    Run({"period", "close", period, "--over-exceptions", "--as", "carla"});
    Run({"period", "approve", period, "--as", "olga"});
    std::string file = "participant,amount,currency,reference,date\n";
    for (const v1::Statement& statement : preview.statements()) {
      const int64_t payable = statement.payable_minor_units();
      const int digits = statement.currency() == "KWD" ? 3 : 2;
      const int64_t unit = digits == 3 ? 1000 : 100;
      int part = 0;
      for (const int64_t amount : {payable / 3, payable - payable / 3}) {
        if (amount == 0) continue;
        absl::StrAppend(&file, statement.participant_id(), ",", amount / unit, ".",
                        absl::StrFormat("%0*d", digits, amount % unit), ",", statement.currency(),
                        ",", period, ":", statement.participant_id(), ":", ++part, ",", period,
                        "-28\n");
      }
    }
    Run({"period", "pay", period, "-", "--as", "carla"}, file);
  }

  // Liabilities and draws as the API says they stand.
  AccountBalances BalancesOfApi() {
    const std::map<std::string, std::string> names = {
        {"ana", "Ana"}, {"Ben.K", "Ben--dK--k"}, {"cem", "Cem"}};
    AccountBalances balances;
    const auto add = [&](const std::string& account, const v1::Balance& balance, int64_t minor) {
      if (minor == 0) return;
      balances[{absl::StrCat(account, names.at(balance.participant_id())), balance.currency()}] =
          minor;
    };
    const auto response = Ask<v1::ListBalancesResponse>({"balances"});
    for (const v1::Balance& balance : response.balances()) {
      EXPECT_EQ(balance.prior_adjustments_minor_units(), 0);
      add("Liabilities:Commissions:", balance,
          balance.paid_minor_units() - balance.posted_minor_units() -
              balance.carried_minor_units());
      add("Liabilities:Held:", balance, -balance.held_minor_units());
      add("Assets:Draws:", balance, balance.draw_balance_minor_units());
    }
    return balances;
  }

  TempDir dir_;
  int facts_ = 0;
};

// Those accounts that a participant's money stands on.
AccountBalances OfParticipants(AccountBalances balances) {
  std::erase_if(balances, [](const auto& balance) {
    const std::string& account = balance.first.first;
    return account.rfind("Liabilities:", 0) != 0 && account.rfind("Assets:Draws:", 0) != 0;
  });
  return balances;
}

TEST_F(FinanceYear, TheJournalsOfAClosedYearBalanceAndAgreeWithTheApi) {
  Open("ana", "DRAW", 30'000);
  Open("Ben.K", "PAYABLE", 5'000);
  std::map<std::string, std::string> before;
  for (int month = 1; month <= 12; ++month) {
    SCOPED_TRACE(month);
    Happen(month);
    Settle(month);
    if (month == 6) {
      for (const char* format : {"hledger", "ledger", "beancount", "csv"}) {
        before[format] = Run({"journal", "--format", format});
      }
    }
  }
  const AccountBalances api = BalancesOfApi();
  EXPECT_FALSE(api.empty());
  AccountBalances first;
  for (const auto& [name, format] :
       std::map<std::string, Request::Format>{{"hledger", Request::HLEDGER},
                                              {"ledger", Request::LEDGER},
                                              {"beancount", Request::BEANCOUNT}}) {
    const std::string journal = Run({"journal", "--format", name});
    EXPECT_THAT(journal, StartsWith(before[name]));
    const auto judged = Judge(format, journal);
    ASSERT_TRUE(judged.ok()) << judged.status();
    EXPECT_EQ(OfParticipants(*judged), api) << name;
    if (first.empty()) first = *judged;
    EXPECT_EQ(*judged, first) << name;
    // A part of it balances as well.
    for (const std::vector<std::string>& filter : {std::vector<std::string>{"--plan", "gulf"},
                                                   {"--participant", "ana"},
                                                   {"--period", "2025-09"}}) {
      EXPECT_TRUE(Judge(format, Run({"journal", "--format", name, filter[0], filter[1]})).ok());
    }
  }
  EXPECT_THAT(Run({"journal", "--csv"}), StartsWith(before["csv"]));
  const auto list = Ask<v1::ListPeriodsResponse>({"period", "list"});
  // What the migration brought in counts as closed, with nothing posted.
  ASSERT_EQ(list.periods_size(), 13);
  EXPECT_EQ(list.periods(0).period(), "2024-12");
  EXPECT_EQ(list.periods(0).state(), v1::CLOSED);
  for (int month = 1; month <= 12; ++month) {
    EXPECT_EQ(list.periods(month).period(), Month(month));
    EXPECT_EQ(list.periods(month).state(), v1::PAID) << Month(month);
  }
}

TEST_F(FinanceYear, AClosedStatementShowsWhatChangedSince) {
  for (int month = 1; month <= 2; ++month) {
    Happen(month);
    Settle(month);
  }
  Book("LATE", "ana", "2025-01-20", 100'000);
  Fact("dispute_opened",
       R"("dispute_id":"Q-7","participant_id":"ana","period":"2025-01","text":"a <deal>?")");
  const std::string text = Run({"statement", "ana", "2025-01"});
  for (const char* part : {"PAID: the statement is as it was posted", "Earned, posted",
                           "Earned, now", "What the next close adjusts", "Q-7"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  const std::string page = Run({"statement", "ana", "2025-01", "--html"});
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;ana&lt;/b&gt;"));
  EXPECT_THAT(page, HasSubstr("a &lt;deal&gt;?"));
  EXPECT_THAT(Run({"statement", "ana", "2025-03"}), HasSubstr("Change of 2025-01 (ae-2025)"));
}

TEST_F(FinanceYear, ThreePeopleAndTheOrderOfMonthsAreNeeded) {
  for (int month = 1; month <= 3; ++month) Happen(month);
  const auto refused = [&](const std::vector<std::string>& words, const std::string& why,
                           const std::string& input = "") {
    const Finished done = RunAny(words, input);
    EXPECT_EQ(done.exit_code, 1) << words[1];
    EXPECT_THAT(done.err, HasSubstr(why));
  };
  refused({"period", "approve", "2025-01", "--as", "olga"}, "close");
  Run({"period", "close", "2025-01", "--as", "carla"});
  refused({"period", "close", "2025-03", "--as", "carla"}, "2025-02");
  EXPECT_THAT(Run({"period", "close", "2025-01", "--as", "carla"}), HasSubstr("closed before"));
  refused({"period", "approve", "2025-01", "--as", "carla"}, "carla");
  refused({"period", "approve", "2025-01", "--as", "petra"}, "petra");
  const std::string header = "participant,amount,currency,reference,date\n";
  const std::vector<std::string> pay = {"period", "pay", "2025-01", "-", "--as", "carla"};
  refused(pay, "approve", header + "Ben.K,1.00,USD,W-1,2025-02-01\n");
  Run({"period", "approve", "2025-01", "--as", "olga"});
  refused(pay, "-:3: amount",
          header +
              "Ben.K,1.00,USD,W-1,2025-02-01\n"
              "Ben.K,100000.00,USD,W-2,2025-02-01\n");
  refused(pay, "-:2", header + "Ben.K,1.001,USD,W-1,2025-02-01\n");
  EXPECT_THAT(Run(pay, header + "Ben.K,1.00,USD,W-1,2025-02-01\n"), HasSubstr("1 payments"));
  refused(pay, "another payment", header + "Ben.K,2.00,USD,W-1,2025-02-01\n");
}

TEST_F(FinanceYear, OpeningsTieOutAgainstTheOldSystem) {
  Open("ana", "DRAW", 30'000);
  Open("Ben.K", "PAYABLE", 5'000);
  std::ofstream(dir_.Path("old.csv")) << "participant,kind,currency,amount\n"
                                         "ana,draw,USD,300.00\nBen.K,payable,USD,50.00\n";
  EXPECT_THAT(Run({"period", "openings", "--against", dir_.Path("old.csv")}),
              HasSubstr("draw in all: USD 300.00 in 1 fact"));
  std::ofstream(dir_.Path("old.csv"), std::ios::app) << "cem,held,KWD,1.000\n";
  const Finished differs = RunAny({"period", "openings", "--against", dir_.Path("old.csv")});
  EXPECT_EQ(differs.exit_code, 1);
  EXPECT_THAT(differs.out, HasSubstr("-1.000"));
  EXPECT_THAT(differs.err, HasSubstr("1 balance differs"));
}

}  // namespace
}  // namespace payfold
