#include "tools/bench.h"

#include <memory>

#include "absl/status/statusor.h"
#include "ledger/base/status_macros.h"
#include "tools/load/append_load.h"
#include "tools/load/statement_load.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {
namespace {

// A load that was not carried through is not a measurement.
absl::Status Report(const Session& session, const absl::StatusOr<LoadResult>& result) {
  if (!result.ok()) return session.Error(result.status());
  Print(session.options().format == OutputFormat::kJson ? LoadJson(*result) : LoadText(*result));
  return session.Error(result->first_error);
}

}  // namespace

absl::Status BenchAppend(const GlobalOptions& global, const BenchAppendOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::CreateLedgerRequest create;
  create.set_ledger(global.ledger);
  create.mutable_configuration()->set_base_currency("USD");
  create.mutable_configuration()->set_payout_period(v1::LedgerConfigured::MONTH);
  RETURN_IF_ERROR(
      session->Call(session->ledgers(), &v1::LedgerService::Stub::CreateLedger, create).status());
  return Report(*session, RunAppendLoad(session->ledgers(),
                                        {.ledger = global.ledger,
                                         .actor = global.as,
                                         .streams = options.streams,
                                         .batch = options.batch,
                                         .in_flight = options.in_flight,
                                         .batches_per_second =
                                             (options.rate + options.batch - 1) / options.batch,
                                         .deals = options.deals,
                                         .duration = absl::Seconds(options.seconds)}));
}

absl::Status BenchStatement(const GlobalOptions& global, const BenchStatementOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  return Report(*session,
                RunStatementLoad(session->payouts(), {.ledger = global.ledger,
                                                      .clients = options.clients,
                                                      .per_second = options.rate,
                                                      .past = options.past,
                                                      .duration = absl::Seconds(options.seconds)}));
}

}  // namespace payfold
