// company_bench WORK --deals N [--directory D] [--workers T] [--out PATH] [--calls FILE]
//
// Payfold's side of bench/compare, in process; prints lines of JSON. WORK is
//   csv         the facts as tables for peers, into the folder PATH;
//   batches     the standard company, batch by batch, into a new ledger in D;
//   project     brings the projection of the ledger in D up to date;
//   rebuild     everything derived thrown away: the log folded in memory by T
//               threads and the balances, or the lines, of everybody computed;
//               then the stored projection rebuilt;
//   balances    the balance of each participant in FILE (none: of everybody);
//   statements  the statement of each participant and month in FILE;
//   past        the first of those statements as of the middle of the log: from a fold
//               of the prefix, and read on demand; then each of them read so;
//   payouts     every statement, as participant,period,cents, into the file PATH.
// Events are made ready before the clock runs.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "bench/batch_run.h"
#include "bench/bench_calls.h"
#include "bench/company_feed.h"
#include "bench/measured.h"
#include "ledger/admission/ledger.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/payout_projection.h"

namespace payfold {
namespace {

struct Settings {
  std::string work;
  std::string directory;
  std::string out;
  std::string calls;
  int64_t deals = 50'000;
  int workers = 2;
};

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("work", settings->work)->required();
  app->add_option("--deals", settings->deals);
  app->add_option("--directory", settings->directory);
  app->add_option("--workers", settings->workers);
  app->add_option("--out", settings->out);
  app->add_option("--calls", settings->calls);
}

// Whole bytes of the files in a folder and below it.
int64_t BytesIn(const std::string& folder) {
  int64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  }
  return bytes;
}

absl::Status Batches(const Settings& settings) {
  const CompanyFeed feed(settings.deals);
  using Batch = std::vector<v1::Event>;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger, Ledger::Create(settings.directory, {}));
    const auto make_ready = [&](int64_t batch) -> absl::StatusOr<Batch> {
      return feed.BatchAt(batch);
    };
    const auto write = [&](int, const Batch& batch) {
      return ledger->Append(batch, {.actor = "bench"}).status();
    };
    ASSIGN_OR_RETURN(const double seconds,
                     RunBatches<Batch>(feed.batch_count(), /*writers=*/1, make_ready, write));
    PrintTime("batches", feed.event_count(), seconds);
  }
  PrintBytes("batches", BytesIn(settings.directory));
  return absl::OkStatus();
}

// The view of a fold from nothing.
absl::StatusOr<std::shared_ptr<const FactsView>> Fold(const EventLog& log, uint64_t position,
                                                      int workers) {
  PrefixOptions prefix;
  prefix.position = prefix.plans_position = position;
  prefix.workers = workers;
  ASSIGN_OR_RETURN(const FoldedPrefix folded, FoldPrefix(log, prefix));
  return MakeFactsView(&log, position, position, folded.reference, folded.tables);
}

absl::StatusOr<int64_t> SumOfBalances(const FactsView& view, const std::string& participant) {
  ASSIGN_OR_RETURN(const std::vector<v1::Balance> balances, ListBalances(view, participant));
  int64_t payable = 0;
  for (const v1::Balance& balance : balances) payable += balance.payable_minor_units();
  return payable;
}

absl::StatusOr<int64_t> SumOfLines(const FactsView& view) {
  ASSIGN_OR_RETURN(const std::vector<v1::Line> lines, ListLines(view, {}));
  int64_t earned = 0;
  for (const v1::Line& line : lines) earned += line.amount().minor_units();
  return earned;
}

// Log to answer, in memory.
absl::Status TimeFold(const std::string& work, const EventLog& log, int workers,
                      const std::function<absl::StatusOr<int64_t>(const FactsView&)>& answer) {
  Stopwatch clock;
  clock.Start();
  ASSIGN_OR_RETURN(const std::shared_ptr<const FactsView> view, Fold(log, log.head(), workers));
  ASSIGN_OR_RETURN(const int64_t sum, answer(*view));
  clock.Stop();
  PrintAnswer(work, static_cast<int64_t>(log.head()), clock.seconds(), sum);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<PayoutProjection>> OpenProjection(Ledger* ledger) {
  ASSIGN_OR_RETURN(std::unique_ptr<PayoutProjection> projection,
                   PayoutProjection::Open(&ledger->log(), {.follow = false}));
  RETURN_IF_ERROR(projection->CatchUp(absl::InfiniteFuture()));
  return projection;
}

absl::Status Project(const Settings& settings) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger, Ledger::Open(settings.directory, {}));
  Stopwatch clock;
  clock.Start();
  RETURN_IF_ERROR(OpenProjection(ledger.get()).status());
  clock.Stop();
  PrintTime("project", static_cast<int64_t>(ledger->log().head()), clock.seconds());
  return absl::OkStatus();
}

absl::Status Rebuild(const Settings& settings) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger, Ledger::Open(settings.directory, {}));
  const EventLog& log = ledger->log();
  RETURN_IF_ERROR(TimeFold("fold_balances", log, settings.workers,
                           [](const FactsView& view) { return SumOfBalances(view, ""); }));
  RETURN_IF_ERROR(TimeFold("fold_lines", log, settings.workers, SumOfLines));
  ASSIGN_OR_RETURN(const std::unique_ptr<PayoutProjection> projection,
                   OpenProjection(ledger.get()));
  Stopwatch clock;
  clock.Start();
  ASSIGN_OR_RETURN(const RebuildOutcome outcome, projection->Rebuild(settings.workers, nullptr));
  clock.Stop();
  if (outcome.live_digest != outcome.rebuilt_digest) {
    return absl::DataLossError("the rebuilt projection differs from the live one");
  }
  PrintTime("rebuild", static_cast<int64_t>(log.head()), clock.seconds());
  return absl::OkStatus();
}

absl::StatusOr<int64_t> PayableOf(const FactsView& view, const std::string& participant,
                                  const std::string& period) {
  ASSIGN_OR_RETURN(const std::vector<v1::Statement> statements,
                   GetStatements(view, participant, period, /*with_explanations=*/false));
  int64_t payable = 0;
  for (const v1::Statement& statement : statements) payable += statement.payable_minor_units();
  return payable;
}

absl::Status Calls(const Settings& settings) {
  ASSIGN_OR_RETURN(const std::vector<CallArguments> calls, ReadCalls(settings.calls));
  const size_t arguments = settings.work == "statements" ? 2 : calls.front().size();
  for (const CallArguments& call : calls) {
    if (call.size() != arguments) return absl::InvalidArgumentError("a call lacks an argument");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger, Ledger::Open(settings.directory, {}));
  ASSIGN_OR_RETURN(const std::unique_ptr<PayoutProjection> projection,
                   OpenProjection(ledger.get()));
  const std::shared_ptr<const FactsView> view = projection->View();
  return MeasureCalls(settings.work, calls,
                      [&](const CallArguments& call) -> absl::StatusOr<int64_t> {
                        if (call.size() == 2) return PayableOf(*view, call[0], call[1]);
                        return SumOfBalances(*view, call.empty() ? "" : call[0]);
                      });
}

// Times what `get` gives a view for: a statement of it too.
template <typename Get>
absl::Status TimePast(const std::string& work, const CallArguments& call, const Get& get) {
  Stopwatch clock;
  clock.Start();
  ASSIGN_OR_RETURN(const std::shared_ptr<const FactsView> view, get());
  ASSIGN_OR_RETURN(const int64_t sum, PayableOf(*view, call[0], call[1]));
  clock.Stop();
  PrintAnswer(work, static_cast<int64_t>(view->position()), clock.seconds(), sum);
  return absl::OkStatus();
}

absl::Status Past(const Settings& settings) {
  ASSIGN_OR_RETURN(const std::vector<CallArguments> calls, ReadCalls(settings.calls));
  for (const CallArguments& call : calls) {
    if (call.size() != 2) return absl::InvalidArgumentError("a call lacks an argument");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger, Ledger::Open(settings.directory, {}));
  ASSIGN_OR_RETURN(const std::unique_ptr<PayoutProjection> projection,
                   OpenProjection(ledger.get()));
  const EventLog& log = ledger->log();
  const uint64_t middle = log.head() / 2;
  const auto past = [&] { return projection->ViewAsOf(middle, middle); };
  RETURN_IF_ERROR(
      TimePast("past_fold", calls[0], [&] { return Fold(log, middle, /*workers=*/1); }));
  RETURN_IF_ERROR(TimePast("past_first", calls[0], past));
  RETURN_IF_ERROR(
      MeasureCalls("past", calls, [&](const CallArguments& call) -> absl::StatusOr<int64_t> {
        ASSIGN_OR_RETURN(const auto view, past());
        return PayableOf(*view, call[0], call[1]);
      }));
  // Each as of a position of its own, so that nothing is kept of it.
  uint64_t position = middle;
  return MeasureCalls("past_fresh", calls,
                      [&](const CallArguments& call) -> absl::StatusOr<int64_t> {
                        --position;
                        ASSIGN_OR_RETURN(const auto view, projection->ViewAsOf(position, position));
                        return PayableOf(*view, call[0], call[1]);
                      });
}

absl::Status Payouts(const Settings& settings) {
  const StandardCompany company({.deals = settings.deals});
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger, Ledger::Open(settings.directory, {}));
  ASSIGN_OR_RETURN(const std::unique_ptr<PayoutProjection> projection,
                   OpenProjection(ledger.get()));
  const std::shared_ptr<const FactsView> view = projection->View();
  std::ofstream file(settings.out, std::ios::binary);
  for (int64_t i = 0; i < company.participant_count(); ++i) {
    const v1::Event event = company.EventAt(1 + i);  // after the plan
    const std::string& participant = event.participant_changed().participant_id();
    for (int month = 0; month < StandardCompany::kMonths; ++month) {
      const std::string period = StandardCompany::MonthLabel(month);
      ASSIGN_OR_RETURN(const int64_t payable, PayableOf(*view, participant, period));
      file << absl::StrCat(participant, ",", period, ",", payable, "\n");
    }
  }
  file.close();
  if (!file) return absl::UnavailableError(absl::StrCat("cannot write ", settings.out));
  return absl::OkStatus();
}

absl::Status Run(const Settings& settings) {
  const std::string& work = settings.work;
  if (work == "csv") return StandardCompany({.deals = settings.deals}).WriteCsv(settings.out);
  if (work == "batches") return Batches(settings);
  if (work == "project") return Project(settings);
  if (work == "rebuild") return Rebuild(settings);
  if (work == "balances" || work == "statements") return Calls(settings);
  if (work == "past") return Past(settings);
  if (work == "payouts") return Payouts(settings);
  return absl::InvalidArgumentError(absl::StrCat("no such work: ", work));
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
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
