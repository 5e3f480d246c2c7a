// replay_bench --directory D [--deals N] [--workers T] [--repeat R]
//
// Replays over the standard company in the ledger in D, in process; prints lines of
// JSON. Its projection must be there (company_bench project). The work is
//   rates_first   other rates for everybody over all 24 months, with the difference of
//                 every participant and month: the first replay after the ledger is
//                 opened;
//   rates         the same again, R times: the middle one;
//   split         a split of one deal in the middle of the two years, 100 deals in turn:
//                 the middle one, and the slowest but one.
// A replay is what comes between the facts of a position and its difference: the fork,
// the evaluation, the comparison. Nothing is written.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "bench/measured.h"
#include "bench/what_if.h"
#include "ledger/admission/ledger.h"
#include "ledger/base/status_macros.h"
#include "projections/replay/difference.h"
#include "projections/replay/fork.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/payout_projection.h"
#include "tools/workload/standard_company.h"

namespace payfold {
namespace {

constexpr int kSplits = 100;

struct Settings {
  std::string directory;
  int64_t deals = 50'000;
  int workers = 2;
  int repeat = 5;
};

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("--directory", settings->directory)->required();
  app->add_option("--deals", settings->deals);
  app->add_option("--workers", settings->workers);
  app->add_option("--repeat", settings->repeat);
}

v1::Event HalfToAnother(const StandardCompany& company, int64_t deal) {
  // Bookings and splits, in turn, are the last of its events.
  const v1::Event booking =
      company.EventAt(company.event_count() - 2 * (company.deal_count() - deal));
  const std::string& deal_id = booking.deal_booked().deal_id();
  const std::string& owner = booking.deal_booked().owner_id();
  v1::Event event;
  event.set_event_id(absl::StrCat("late-", deal_id));
  event.set_source("bench");
  event.set_stream(absl::StrCat("deals/", deal_id));
  v1::CreditSplit* split = event.mutable_credit_split();
  split->set_deal_id(deal_id);
  for (const std::string& who : {owner, std::string(owner == "s00000" ? "s00001" : "s00000")}) {
    v1::CreditShare* share = split->add_shares();
    share->set_participant_id(who);
    share->set_share("0.5");
  }
  return event;
}

absl::StatusOr<Differences> Replay(const std::shared_ptr<const FactsView>& view,
                                   const v1::Event& event, const Ledger& ledger, int workers,
                                   KeptMeasures* kept) {
  ASSIGN_OR_RETURN(const Fork fork, Fork::Make(view, {event}, FindPositionIn(&ledger.log())));
  CompareOptions options;
  options.workers = workers;
  options.kept = kept;
  return ComputeDifferences(fork, options);
}

int64_t SumOf(const Differences& differences) {
  int64_t sum = 0;
  for (const DifferenceRow& row : differences.rows) sum += row.after - row.before;
  return sum;
}

absl::Status Run(const Settings& settings) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger, Ledger::Open(settings.directory, {}));
  ASSIGN_OR_RETURN(const std::unique_ptr<PayoutProjection> payouts,
                   PayoutProjection::Open(&ledger->log(), {.follow = false}));
  RETURN_IF_ERROR(payouts->CatchUp(absl::InfiniteFuture()));
  const StandardCompany company({.deals = settings.deals});
  const v1::Event rates = OtherRates(company);
  KeptMeasures kept;
  std::vector<double> seconds;
  for (int i = 0; i <= settings.repeat; ++i) {
    Stopwatch clock;
    clock.Start();
    ASSIGN_OR_RETURN(const Differences differences,
                     Replay(payouts->View(), rates, *ledger, settings.workers, &kept));
    clock.Stop();
    const auto rows = static_cast<int64_t>(differences.rows.size());
    if (i == 0) PrintAnswer("rates_first", rows, clock.seconds(), SumOf(differences));
    if (i > 0) seconds.push_back(clock.seconds());
    if (i < settings.repeat) continue;
    std::sort(seconds.begin(), seconds.end());
    PrintAnswer("rates", rows, seconds[seconds.size() / 2], SumOf(differences));
  }
  std::vector<double> micros;
  int64_t sum = 0;
  for (int i = 0; i < kSplits; ++i) {
    const v1::Event split = HalfToAnother(company, settings.deals / 2 + i);
    Stopwatch clock;
    clock.Start();
    ASSIGN_OR_RETURN(const Differences differences,
                     Replay(payouts->View(), split, *ledger, settings.workers, &kept));
    clock.Stop();
    micros.push_back(clock.seconds() * 1e6);
    sum += SumOf(differences);
  }
  PrintCalls("split", micros, sum);
  return absl::OkStatus();
}

}  // namespace
}  // namespace payfold

int main(int argc, char** argv) {
  CLI::App app;
  payfold::Settings settings;
  payfold::Declare(&app, &settings);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = payfold::Run(settings);
  if (status.ok()) return 0;
  std::fprintf(stderr, "replay_bench: %s\n", status.ToString().c_str());
  return 1;
}
