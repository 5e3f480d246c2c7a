#include "tools/import/crm_import.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quote.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "tools/import/csv.h"
#include "tools/import/deal_history.h"
#include "tools/import/deal_rows.h"
#include "tools/import/people.h"
#include "tools/import/tables.h"

namespace payfold {
namespace {

// Ids hold at most 128 characters: what is left of a deal's id besides the rest.
constexpr size_t kMaxSubject = 80;
constexpr size_t kHashDigits = 16;

// "1C1I7A6R.won.v1.0123456789abcdef": who, what, at which place of the stream, and
// a hash of source and content, so that no two facts share one.
std::string EventId(absl::string_view subject, absl::string_view what, uint64_t version,
                    absl::string_view source, const v1::Event& event) {
  const std::string content =
      absl::StrCat(source, "\n", subject, "\n", version, "\n", event.ShortDebugString());
  return absl::StrCat(subject.substr(0, kMaxSubject), ".", what, ".v", version, ".",
                      ToHex(Sha256(content)).substr(0, kHashDigits));
}

class CrmImport {
 public:
  CrmImport(const ImportOptions& options, const ImportMapping& mapping, const LedgerPort& port)
      : options_(options),
        mapping_(mapping),
        port_(port),
        resolver_(&tables_, &mapping, options.id_key),
        sender_(port, options.batch_events, options.dry_run) {
    const std::filesystem::path path(options.csv_path);
    folder_ = path.parent_path();
    source_ =
        mapping.source.empty() ? absl::StrCat("import:", path.filename().string()) : mapping.source;
  }

  absl::StatusOr<ImportReport> Run() {
    std::ifstream file(options_.csv_path, std::ios::binary);
    if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", options_.csv_path));
    CsvReader reader(&file);
    if (const absl::Status header = reader.ReadHeader(); !header.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(options_.csv_path, ": ", header.message()));
    }
    columns_ = Columns(options_.csv_path, reader.header(), &mapping_.fixes);
    RETURN_IF_ERROR(LoadTables());
    RETURN_IF_ERROR(CheckColumns());
    RETURN_IF_ERROR(ImportPeople());
    RETURN_IF_ERROR(ImportDeals(&reader));
    RETURN_IF_ERROR(sender_.Flush());
    return Report();
  }

 private:
  absl::Status LoadTables() {
    for (const auto& entry : mapping_.lookups) {
      const std::string path = (folder_ / entry.second.file).string();
      std::vector<RowProblem> problems;
      ASSIGN_OR_RETURN(LookupTable table, LookupTable::Load(path, entry.second, &problems));
      report_.bad += static_cast<int64_t>(problems.size());
      AddProblems(problems);
      tables_.emplace(entry.first, std::move(table));
    }
    return absl::OkStatus();
  }

  absl::Status CheckColumns() {
    std::vector<std::string> errors;
    CheckColumn("stage.column", mapping_.stage_column, columns_, &errors);
    for (const auto& fixes : mapping_.fixes) {
      CheckColumn("fixes", fixes.first, columns_, &errors);
    }
    for (const auto& lookup : mapping_.lookups) {
      for (const auto& fixes : lookup.second.fixes) {
        CheckColumn(absl::StrCat("lookups.", lookup.first, ".fixes"), fixes.first,
                    tables_.at(lookup.first).columns(), &errors);
      }
    }
    resolver_.Check(mapping_.deals.fields, columns_, &errors);
    resolver_.Check(mapping_.deals.attributes, columns_, &errors);
    for (const ParticipantRules& rules : mapping_.participants) {
      const Columns& columns = tables_.at(rules.lookup).columns();
      CheckColumn("participants.name", rules.name_column, columns, &errors);
      resolver_.Check(rules.fields, columns, &errors);
      resolver_.Check(rules.attributes, columns, &errors);
    }
    if (errors.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrJoin(errors, "\n"));
  }

  absl::Status ImportPeople() {
    std::vector<RowProblem> problems;
    const std::vector<Person> people = ReadPeople(mapping_, tables_, resolver_, &problems);
    CountBad(problems);
    for (const Person& person : people) {
      ++report_.rows;
      const std::string& id = person.fact.participant_id();
      ASSIGN_OR_RETURN(const std::vector<v1::Event> said,
                       port_.read_stream(absl::StrCat("participants/", id)));
      const std::optional<v1::Event> change = PersonChange(person, said, source_);
      RowEvents row{person.file, person.line, !said.empty(), {}};
      if (change.has_value()) row.events.push_back(*change);
      RETURN_IF_ERROR(Queue(id, said, std::move(row)));
    }
    return absl::OkStatus();
  }

  absl::Status ImportDeals(CsvReader* reader) {
    std::error_code ignored;
    const auto total = static_cast<int64_t>(std::filesystem::file_size(options_.csv_path, ignored));
    for (CsvRecord record; reader->Next(&record);) {
      ++report_.rows;
      if (options_.progress && report_.rows % 100 == 0) {
        options_.progress(reader->bytes_read(), total);
      }
      if (record.problem.empty()) {
        RETURN_IF_ERROR(ImportDeal(Row{&columns_, &record.fields, record.line}));
      } else {
        CountBad({{columns_.file, record.line, "", "", record.problem}});
      }
    }
    return absl::OkStatus();
  }

  absl::Status ImportDeal(const Row& row) {
    std::vector<RowProblem> problems;
    const DealRow deal = ReadDealRow(mapping_, resolver_, row, &problems);
    const std::string& id =
        deal.stage == Stage::kWon ? deal.booking.deal_id() : deal.pipeline.deal_id();
    if (const auto first = deal_lines_.emplace(id, row.line); !id.empty() && !first.second) {
      problems.push_back(
          {columns_.file, row.line, "deals.deal_id", id,
           absl::StrCat("stands already in line ", first.first->second, ", which is kept")});
    }
    if (!problems.empty()) {
      CountBad(problems);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::vector<v1::Event> said,
                     port_.read_stream(absl::StrCat("deals/", id)));
    const DealHistory history = ReadDealHistory(said, source_);
    absl::StatusOr<std::vector<v1::Event>> changes = DealChanges(history, deal);
    if (!changes.ok()) {
      CountBad({{columns_.file, row.line, "deals.deal_id", id,
                 std::string(changes.status().message())}});
      return absl::OkStatus();
    }
    const bool is_change = history.state != DealHistory::State::kUnknown;
    return Queue(id, said, {columns_.file, row.line, is_change, *std::move(changes)});
  }

  // Gives the events their envelopes and sends them.
  absl::Status Queue(absl::string_view subject, const std::vector<v1::Event>& said, RowEvents row) {
    if (row.events.empty()) {
      ++report_.unchanged;
      return absl::OkStatus();
    }
    uint64_t version = said.empty() ? 0 : said.back().stream_version();
    for (v1::Event& event : row.events) {
      event.set_event_id(EventId(subject, EventVerb(event), version + 1, source_, event));
      event.set_source(source_);
      event.set_expected_stream_version(version++);
    }
    return sender_.Add(std::move(row));
  }

  static absl::string_view EventVerb(const v1::Event& event) {
    switch (event.payload_case()) {
      case v1::Event::kDealBooked:
        return "won";
      case v1::Event::kDealAmended:
        return "restated";
      case v1::Event::kDealCancelled:
        return "cancelled";
      case v1::Event::kPipelineUpdated:
        return event.pipeline_updated().stage() == kLostStage ? "lost" : "open";
      case v1::Event::kFactVoided:
        return "void";
      default:
        return "state";
    }
  }

  void AddProblems(const std::vector<RowProblem>& problems) {
    report_.problems.insert(report_.problems.end(), problems.begin(), problems.end());
  }

  // Problems of one row may be several.
  void CountBad(const std::vector<RowProblem>& problems) {
    std::set<std::pair<std::string, int64_t>> rows;
    for (const RowProblem& problem : problems) rows.emplace(problem.file, problem.line);
    report_.bad += static_cast<int64_t>(rows.size());
    AddProblems(problems);
  }

  ImportReport Report() {
    const SendCounts& sent = sender_.counts();
    report_.added = sent.added_rows;
    report_.changed = sent.changed_rows;
    report_.events = sent.events;
    report_.duplicates = sent.duplicates;
    report_.position = sent.position;
    report_.bad += sender_.refused_rows();
    AddProblems(sender_.problems());
    std::stable_sort(report_.problems.begin(), report_.problems.end(),
                     [](const RowProblem& a, const RowProblem& b) {
                       return std::tie(a.file, a.line) < std::tie(b.file, b.line);
                     });
    return std::move(report_);
  }

  const ImportOptions& options_;
  const ImportMapping& mapping_;
  const LedgerPort& port_;
  std::filesystem::path folder_;
  std::string source_;
  Columns columns_;
  std::map<std::string, LookupTable> tables_;
  Resolver resolver_;
  Sender sender_;
  std::map<std::string, int64_t> deal_lines_;  // where each deal stands in the export
  ImportReport report_;
};

}  // namespace

int64_t ImportReport::event_count() const {
  int64_t count = 0;
  for (const auto& kind : events) count += kind.second;
  return count;
}

absl::StatusOr<ImportReport> ImportCrm(const ImportOptions& options, const ImportMapping& mapping,
                                       const LedgerPort& port) {
  return CrmImport(options, mapping, port).Run();
}

}  // namespace payfold
