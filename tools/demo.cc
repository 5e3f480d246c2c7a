#include "tools/demo.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/event_json.h"
#include "ledger/base/status_macros.h"
#include "tools/append_events.h"
#include "tools/balances.h"
#include "tools/exceptions.h"
#include "tools/explain.h"
#include "tools/init_ledger.h"
#include "tools/output.h"
#include "tools/samples/demo.h"
#include "tools/scratch_directory.h"
#include "tools/session.h"
#include "tools/show_log.h"
#include "tools/statement.h"
#include "tools/tree_head.h"

namespace payfold {
namespace {

void Say(absl::string_view text) { Print(absl::StrCat("\n", text, "\n")); }
void ShowCommand(absl::string_view command) { Print(absl::StrCat("\n$ payfold ", command, "\n")); }

using LinesById = std::map<std::string, v1::Line>;

class Story {
 public:
  Story(GlobalOptions global, const ScratchDirectory* scratch)
      : global_(std::move(global)), scratch_(scratch) {}

  absl::Status Tell() {
    Say("Payfold keeps what sales people are owed as a fold of facts. This is a small company,\n"
        "from its first deal on. Each command below is one you could type.");
    ShowCommand("init --currency USD");
    InitOptions init;
    init.currency = "USD";
    RETURN_IF_ERROR(InitLedger(global_, init));
    for (const SampleChapter& chapter : SampleCompany()) RETURN_IF_ERROR(TellChapter(chapter));
    Say("What everybody earned and is owed:");
    ShowCommand("balances");
    RETURN_IF_ERROR(ShowBalances(global_, {}));
    RETURN_IF_ERROR(ExplainTopLine());
    Say("What still waits, or lacks something:");
    ShowCommand("exceptions");
    RETURN_IF_ERROR(ShowExceptions(global_));
    Say("The signed commitment to every byte above. Keep it, and nobody can change the past:");
    ShowCommand("tree-head");
    return ShowTreeHead(global_, {});
  }

 private:
  absl::Status TellChapter(const SampleChapter& chapter) {
    Say(absl::StrCat("-- ", chapter.title, " --"));
    const std::string path = scratch_->Path(absl::StrCat("chapter-", ++chapters_, ".jsonl"));
    std::ofstream file(path, std::ios::binary);
    for (const v1::Event& event : chapter.events) file << EventToJson(event) << '\n';
    file.close();
    if (!file) return absl::UnavailableError(absl::StrCat("cannot write ", path));
    ShowCommand(absl::StrCat("append chapter-", chapters_, ".jsonl"));
    RETURN_IF_ERROR(AppendEvents(global_, {.file = path}));
    ASSIGN_OR_RETURN(LinesById now, ReadLines());
    SayWhatMoved(now);
    lines_ = std::move(now);
    return absl::OkStatus();
  }

  // Lines that were there before this chapter and are not what they were.
  void SayWhatMoved(const LinesById& now) const {
    Table moved({{"line"}, {"date"}, {"before", Align::kRight}, {"now", Align::kRight}});
    size_t added = 0;
    const auto amount = [](const v1::Line& line) {
      return AmountText(line.amount().minor_units(), line.amount().currency(),
                        OutputFormat::kTable);
    };
    for (const auto& [id, line] : now) {
      const auto before = lines_.find(id);
      if (before == lines_.end()) {
        ++added;
      } else if (before->second.amount().minor_units() != line.amount().minor_units()) {
        moved.Add({id, line.date(), amount(before->second), amount(line)});
      }
    }
    for (const auto& [id, line] : lines_) {
      if (now.count(id) == 0) moved.Add({id, line.date(), amount(line), "gone"});
    }
    Print(absl::StrCat(added, " new earning lines", moved.empty() ? "\n" : ", and these moved:\n"));
    if (!moved.empty()) Print(moved.ToText("  "));
  }

  absl::StatusOr<LinesById> ReadLines() const {
    ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global_));
    v1::ListLinesRequest request;
    ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
    LinesById lines;
    do {
      ASSIGN_OR_RETURN(
          const v1::ListLinesResponse page,
          session->Call(session->payouts(), &v1::PayoutService::Stub::ListLines, request));
      for (const v1::Line& line : page.lines()) lines[line.line_id()] = line;
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return lines;
  }

  // The statement that holds the largest line, that line, and its events.
  absl::Status ExplainTopLine() const {
    const auto largest =
        std::max_element(lines_.begin(), lines_.end(), [](const auto& a, const auto& b) {
          return a.second.amount().minor_units() < b.second.amount().minor_units();
        });
    if (largest == lines_.end()) return absl::OkStatus();
    const v1::Line& line = largest->second;
    Say("One statement, as finance hands it out:");
    ShowCommand(absl::StrCat("statement ", line.participant_id(), " ", line.payout_period()));
    RETURN_IF_ERROR(ShowStatement(
        global_, {.participant = line.participant_id(), .period = line.payout_period()}));
    Say("Why its largest line is what it is:");
    ShowCommand(absl::StrCat("explain ", line.line_id()));
    RETURN_IF_ERROR(ShowLineExplanation(global_, {.line = line.line_id()}));
    ASSIGN_OR_RETURN(const std::string deal, TopDealOf(line.line_id()));
    if (deal.empty()) return absl::OkStatus();
    Say("From the other end: what one of its deals did,");
    ShowCommand(absl::StrCat("explain-deal ", deal, " ", line.participant_id()));
    RETURN_IF_ERROR(
        ShowDealExplanation(global_, {.deal = deal, .participant = line.participant_id()}));
    Say("and the events behind it, as they came in:");
    ShowCommand(absl::StrCat("log --stream deals/", deal));
    ShowLogOptions log;
    log.stream = absl::StrCat("deals/", deal);
    return ShowLog(global_, log);
  }

  // The deal that paid most of a line; empty if none did.
  absl::StatusOr<std::string> TopDealOf(const std::string& line_id) const {
    ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global_));
    v1::ExplainLineRequest request;
    ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
    request.set_line_id(line_id);
    ASSIGN_OR_RETURN(
        const v1::ExplainLineResponse response,
        session->Call(session->payouts(), &v1::PayoutService::Stub::ExplainLine, request));
    std::string deal;
    int64_t most = 0;
    for (const v1::Attribution& part : response.line().explanation().attributions()) {
      if (part.minor_units() <= most) continue;
      most = part.minor_units();
      deal = part.deal_id();
    }
    return deal;
  }

  GlobalOptions global_;
  const ScratchDirectory* scratch_;
  LinesById lines_;
  int chapters_ = 0;
};

}  // namespace

absl::Status RunDemo(const GlobalOptions& global) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ScratchDirectory> scratch, ScratchDirectory::Make("demo"));
  GlobalOptions own = global;
  own.format = OutputFormat::kTable;
  own.as_of.clear();
  own.plans_as_of.clear();
  if (own.data.empty()) own.data = scratch->Path("data");
  RETURN_IF_ERROR(Story(own, scratch.get()).Tell());
  if (!global.data.empty()) {
    Say(absl::StrCat("The ledger is in ", global.data, ": ask it more with --data ", global.data));
  }
  return absl::OkStatus();
}

}  // namespace payfold
