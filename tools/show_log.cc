#include "tools/show_log.h"

#include <iostream>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "ledger/admission/event_json.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

// Rows that are aligned together; a long log is printed as it comes.
constexpr size_t kRowsTogether = 1'000;

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ",
                          absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()),
                          absl::UTCTimeZone());
}

class LogPrinter {
 public:
  // Titles stand above each table, or above the first one only.
  explicit LogPrinter(OutputFormat format, bool title_once = false)
      : format_(format), title_once_(title_once) {
    if (format_ == OutputFormat::kCsv) Print(table_.ToCsv());
  }

  void Add(const v1::Event& event) {
    if (format_ == OutputFormat::kJson) {
      Print(absl::StrCat(EventToJson(event), "\n"));
      return;
    }
    std::vector<std::string> cells = {absl::StrCat(event.position()),
                                      TimeText(event.recorded_at()),
                                      std::string(KindName(event)),
                                      event.stream(),
                                      absl::StrCat(event.stream_version()),
                                      event.event_id(),
                                      event.source(),
                                      event.actor()};
    if (format_ == OutputFormat::kCsv) {
      Print(CsvLine(cells));
      return;
    }
    table_.Add(std::move(cells));
    if (++rows_ % kRowsTogether == 0) Flush();
  }

  void Flush() {
    if (!table_.empty()) {
      const std::string text = table_.ToText();
      Print(absl::string_view(text).substr(titled_ && title_once_ ? text.find('\n') + 1 : 0));
      titled_ = true;
    }
    std::cout.flush();
    table_ = NewTable();
  }

 private:
  static Table NewTable() {
    return Table({{"position", Align::kRight},
                  {"recorded_at"},
                  {"kind"},
                  {"stream"},
                  {"version", Align::kRight},
                  {"event_id"},
                  {"source"},
                  {"actor"}});
  }

  OutputFormat format_;
  bool title_once_;
  bool titled_ = false;
  Table table_ = NewTable();
  size_t rows_ = 0;
};

// Events as they come, until the limit is reached or the server ends it.
absl::Status FollowLog(Session* session, const ShowLogOptions& options, LogPrinter* printer) {
  v1::SubscribeRequest request;
  request.set_ledger(session->options().ledger);
  request.set_after_position(options.from == 0 ? 0 : options.from - 1);
  request.set_stream_prefix(options.stream);
  request.set_participant_id(options.participant);
  request.mutable_kinds()->Assign(options.kinds.begin(), options.kinds.end());
  grpc::ClientContext context;
  session->Introduce(&context);
  const std::unique_ptr<grpc::ClientReader<v1::SubscribeResponse>> reader =
      session->ledgers()->Subscribe(&context, request);
  v1::SubscribeResponse message;
  uint64_t printed = 0;
  while (reader->Read(&message)) {
    for (const v1::StoredEvent& event : message.events()) {
      // A stream's name may be the beginning of another's.
      if (!options.stream.empty() && event.event().stream() != options.stream) continue;
      printer->Add(event.event());
      if (++printed == options.limit) {
        printer->Flush();
        context.TryCancel();
        reader->Finish();
        return absl::OkStatus();
      }
    }
    printer->Flush();
  }
  return session->Error(reader->Finish());
}

absl::Status PrintStoredBytes(Session* session, const v1::ReadEventsRequest& request) {
  bool found = false;
  RETURN_IF_ERROR(session->ReadEvents(request, [&found, session](const v1::StoredEvent& event) {
    Print(session->options().format == OutputFormat::kJson ? JsonText(event) : event.stored());
    found = true;
    return absl::OkStatus();
  }));
  return found ? absl::OkStatus() : absl::NotFoundError("no event matches");
}

}  // namespace

absl::Status ShowLog(const GlobalOptions& global, const ShowLogOptions& options) {
  v1::ReadEventsRequest request;
  request.set_ledger(global.ledger);
  request.set_stream(options.stream);
  request.set_participant_id(options.participant);
  request.mutable_kinds()->Assign(options.kinds.begin(), options.kinds.end());
  request.set_from_position(options.from);
  request.set_limit(options.limit);
  request.set_backwards(options.backwards);
  if (options.raw && options.limit != 1) {
    return UsageError("--raw: the bytes of one event alone; give --limit 1");
  }
  if (options.raw && global.format == OutputFormat::kCsv) {
    return UsageError("--csv: --raw gives no rows; leave it out or use --json");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  if (options.raw) return PrintStoredBytes(session.get(), request);
  if (options.follow) {
    LogPrinter printer(global.format, /*title_once=*/true);
    return FollowLog(session.get(), options, &printer);
  }
  // The ledger is reached before a title is printed.
  std::unique_ptr<LogPrinter> printer;
  RETURN_IF_ERROR(session->ReadEvents(request, [&](const v1::StoredEvent& event) {
    if (printer == nullptr) printer = std::make_unique<LogPrinter>(global.format);
    printer->Add(event.event());
    return absl::OkStatus();
  }));
  if (printer == nullptr && global.format != OutputFormat::kTable) {
    printer = std::make_unique<LogPrinter>(global.format);
  }
  if (printer == nullptr) {
    Print("no events\n");
  } else if (global.format == OutputFormat::kTable) {
    printer->Flush();
  }
  return absl::OkStatus();
}

}  // namespace payfold
