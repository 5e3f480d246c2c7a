#include "tests/end_to_end/client.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "ledger/base/check.h"
#include "tests/tools/payfold_process.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;

// The first detail of that type in a status; false if there is none.
template <typename Detail>
bool FindDetail(const grpc::Status& status, Detail* detail) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return false;
  for (const google::protobuf::Any& any : details.details()) {
    if (any.Is<Detail>()) return any.UnpackTo(detail);
  }
  return false;
}

}  // namespace

std::shared_ptr<grpc::Channel> Dial(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

std::unique_ptr<grpc::ClientContext> Soon() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  return context;
}

v1::Event Deal(absl::string_view id, size_t padding) {
  v1::Event event;
  event.set_event_id(std::string(id));
  event.set_source("crm");
  v1::DealBooked& deal = *event.mutable_deal_booked();
  deal.set_deal_id(std::string(id));
  deal.set_booked_on("2025-01-15");
  deal.set_owner_id("ana");
  deal.mutable_amount()->set_currency("USD");
  deal.mutable_amount()->set_minor_units(100000);
  for (size_t i = 0; i * 200 < padding; ++i) {
    (*deal.mutable_attributes())[absl::StrCat("note", i)] = std::string(200, 'x');
  }
  return event;
}

void MakeLedger(const std::string& address, const std::string& ledger) {
  const auto stub = v1::LedgerService::NewStub(Dial(address));
  v1::CreateLedgerRequest request;
  request.set_ledger(ledger);
  request.mutable_configuration()->set_base_currency("USD");
  request.mutable_configuration()->set_payout_period(v1::LedgerConfigured::MONTH);
  v1::CreateLedgerResponse response;
  CHECK(stub->CreateLedger(Soon().get(), request, &response).ok());
}

grpc::Status Append(v1::LedgerService::Stub& stub, const std::vector<v1::Event>& events,
                    const std::string& ledger) {
  v1::AppendRequest request;
  request.set_ledger(ledger);
  request.mutable_events()->Assign(events.begin(), events.end());
  v1::AppendResponse response;
  return stub.Append(Soon().get(), request, &response);
}

void Fill(const std::string& address, absl::string_view prefix, size_t count, size_t padding,
          const std::string& ledger) {
  const auto stub = v1::LedgerService::NewStub(Dial(address));
  std::vector<v1::Event> batch;
  size_t bytes = 0;
  for (size_t i = 1; i <= count; ++i) {
    batch.push_back(Deal(absl::StrCat(prefix, "-", i), padding));
    bytes += batch.back().ByteSizeLong();
    if (batch.size() == 1'000 || bytes > 2'000'000 || i == count) {
      CHECK(Append(*stub, batch, ledger).ok());
      batch.clear();
      bytes = 0;
    }
  }
}

uint64_t LastPosition(v1::LedgerService::Stub& stub, const std::string& ledger) {
  v1::ReadEventsRequest request;
  request.set_ledger(ledger);
  request.set_backwards(true);
  request.set_limit(1);
  const auto context = Soon();
  const auto reader = stub.ReadEvents(context.get(), request);
  uint64_t position = 0;
  v1::ReadEventsResponse response;
  while (reader->Read(&response)) {
    for (const v1::StoredEvent& event : response.events()) position = event.event().position();
  }
  CHECK(reader->Finish().ok());
  return position;
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::ErrorInfo info;
  return FindDetail(status, &info) && info.domain() == "payfold" ? info.reason() : "";
}

int64_t RetrySecondsOf(const grpc::Status& status) {
  google::rpc::RetryInfo info;
  return FindDetail(status, &info) ? info.retry_delay().seconds() : -1;
}

std::vector<std::string> EventIdsIn(const std::string& data, const std::string& ledger) {
  const Finished log = RunPayfold({"log", "--csv", "--ledger", ledger, "--data", data});
  CHECK(log.exit_code == 0);
  std::vector<std::string> ids;
  const std::vector<std::string> rows = absl::StrSplit(log.out, "\r\n", absl::SkipEmpty());
  for (size_t i = 1; i < rows.size(); ++i) {
    // position,recorded_at,kind,stream,version,event_id,source,actor
    const std::vector<std::string> cells = absl::StrSplit(rows[i], ',');
    uint64_t position = 0;
    CHECK(cells.size() == 8 && absl::SimpleAtoi(cells[0], &position) && position == i);
    ids.push_back(cells[5]);
  }
  return ids;
}

}  // namespace payfold_testing
