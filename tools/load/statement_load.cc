#include "tools/load/statement_load.h"

#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "ledger/base/status_macros.h"
#include "services/status_mapping.h"
#include "tools/load/pace.h"

namespace payfold {
namespace {

struct Questions {
  std::vector<v1::GetStatementRequest> requests;
  uint64_t position = 0;
};

// One for each line of a first page.
absl::StatusOr<Questions> FindQuestions(v1::PayoutService::Stub* stub, const std::string& ledger) {
  v1::ListLinesRequest list;
  list.mutable_context()->set_ledger(ledger);
  grpc::ClientContext context;
  v1::ListLinesResponse lines;
  RETURN_IF_ERROR(FromGrpc(stub->ListLines(&context, list, &lines)));
  if (lines.lines().empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the ledger ", ledger, " gives no lines to ask about: append deals and a plan first"));
  }
  Questions questions;
  questions.position = lines.at().position();
  for (const v1::Line& line : lines.lines()) {
    v1::GetStatementRequest& request = questions.requests.emplace_back();
    request.mutable_context()->set_ledger(ledger);
    request.set_participant_id(line.participant_id());
    request.set_period(line.payout_period());
  }
  return questions;
}

LoadResult AskUntilEnd(v1::PayoutService::Stub* stub, const Questions& questions, bool past,
                       unsigned seed, Pace pace, absl::Time end) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<size_t> any_question(0, questions.requests.size() - 1);
  std::uniform_int_distribution<uint64_t> any_position(1, questions.position);
  LoadResult result;
  v1::GetStatementResponse response;
  while (true) {
    const absl::Time due = pace.Next(absl::Now());
    if (due >= end) return result;
    absl::SleepFor(due - absl::Now());
    v1::GetStatementRequest request = questions.requests[any_question(random)];
    if (past) request.mutable_context()->mutable_as_of()->set_position(any_position(random));
    grpc::ClientContext context;
    const absl::Status status = FromGrpc(stub->GetStatement(&context, request, &response));
    // A participant may not be there yet in the past, and that is an answer.
    if (status.ok() || (past && absl::IsNotFound(status))) {
      result.latency.Add(absl::Now() - due);
    } else {
      ++result.errors;
      if (result.first_error.ok()) result.first_error = status;
    }
  }
}

}  // namespace

absl::StatusOr<LoadResult> RunStatementLoad(v1::PayoutService::Stub* stub,
                                            const StatementLoadOptions& options) {
  ASSIGN_OR_RETURN(const Questions questions, FindQuestions(stub, options.ledger));
  const absl::Time start = absl::Now();
  std::vector<LoadResult> results(static_cast<size_t>(options.clients));
  std::vector<std::thread> clients;
  for (int i = 0; i < options.clients; ++i) {
    clients.emplace_back([&, i] {
      results[static_cast<size_t>(i)] = AskUntilEnd(
          stub, questions, options.past, static_cast<unsigned>(i),
          Pace(start, options.per_second, i, options.clients), start + options.duration);
    });
  }
  LoadResult all;
  for (size_t i = 0; i < clients.size(); ++i) {
    clients[i].join();
    all.Add(results[i]);
  }
  all.elapsed = absl::Now() - start;
  return all;
}

}  // namespace payfold
