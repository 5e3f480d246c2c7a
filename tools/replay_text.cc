#include "tools/replay_text.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/output.h"

namespace payfold {
namespace {

constexpr size_t kBarWidth = 40;
constexpr absl::string_view kApproved = "REPLAY_";

uint64_t SizeOf(int64_t amount) {
  return amount < 0 ? 0 - static_cast<uint64_t>(amount) : static_cast<uint64_t>(amount);
}

// A bar as long as the amount is large, at least one character.
std::string Bar(int64_t amount, uint64_t largest) {
  if (amount == 0) return "";
  const auto width =
      static_cast<size_t>(static_cast<unsigned __int128>(SizeOf(amount)) * kBarWidth / largest);
  return std::string(std::max<size_t>(width, 1), amount < 0 ? '-' : '+');
}

// With its sign, also a plus.
std::string SignedText(int64_t minor, absl::string_view currency, OutputFormat format) {
  const std::string text =
      currency.empty() ? absl::StrCat(minor) : AmountText(minor, currency, format);
  return minor > 0 && format == OutputFormat::kTable ? absl::StrCat("+", text) : text;
}

std::string UnitOf(const v1::Difference& row) {
  if (!row.currency().empty()) return row.currency();
  const std::string kind = v1::RewardUnits::Kind_Name(row.reward().kind());
  return row.reward().name().empty() ? kind : absl::StrCat(kind, " ", row.reward().name());
}

std::string UnitText(int64_t amount, const v1::Difference& row, OutputFormat format) {
  return row.currency().empty() ? absl::StrCat(amount) : AmountText(amount, row.currency(), format);
}

std::string ScopeText(const v1::ReplayScope& scope) {
  std::string text;
  if (!scope.first_period().empty()) absl::StrAppend(&text, " from ", scope.first_period());
  if (!scope.last_period().empty()) absl::StrAppend(&text, " to ", scope.last_period());
  for (int i = 0; i < scope.participant_ids_size(); ++i) {
    absl::StrAppend(&text, i == 0 ? " for " : ", ", scope.participant_ids(i));
  }
  return text.empty() ? "all periods and participants" : text.substr(1);
}

// What is left to do about it.
std::string NextText(const v1::Replay& replay) {
  const std::string& id = replay.replay_id();
  switch (replay.state()) {
    case v1::RUNNING:
      return absl::StrCat("wait for it with `payfold replay watch ", id, "`\n");
    case v1::SUCCEEDED:
      if (replay.four_eyes()) {
        return absl::StrCat("look at it with `payfold replay diff ", id,
                            "`; somebody else approves it with `payfold replay approve ", id,
                            "`\n");
      }
      return absl::StrCat("look at it with `payfold replay diff ", id,
                          "`, make it so with `payfold replay commit ", id, "`\n");
    case v1::REPLAY_APPROVED:
      return absl::StrCat("make it so with `payfold replay commit ", id, "`\n");
    case v1::FAILED:
      return absl::StrCat("mend that, and start it again with `payfold replay start --events-of ",
                          id, "`\n");
    default:
      return "";
  }
}

}  // namespace

std::string ReplayStateText(v1::ReplayState state) {
  return std::string(absl::StripPrefix(v1::ReplayState_Name(state), kApproved));
}

std::string ReplayText(const v1::Replay& replay) {
  std::string text =
      absl::StrCat("replay ", replay.replay_id(), " is ", ReplayStateText(replay.state()),
                   replay.name().empty() ? "" : absl::StrCat(": ", replay.name()), "\n");
  absl::StrAppend(&text, "started by ", replay.started_by(), ", ", replay.events(),
                  replay.events() == 1 ? " hypothetical event" : " hypothetical events",
                  " on position ", replay.position(), ", over ", ScopeText(replay.scope()), "\n");
  if (!replay.error().empty()) absl::StrAppend(&text, "it failed: ", replay.error(), "\n");
  if (!replay.approved_by().empty()) {
    absl::StrAppend(&text, "approved by ", replay.approved_by(), "\n");
  }
  if (!replay.committed_by().empty()) {
    absl::StrAppend(&text, "committed by ", replay.committed_by(), " at position ",
                    replay.committed_position(), "\n");
  }
  if (!replay.digest().empty()) {
    absl::StrAppend(&text, replay.participants_evaluated(), " of ", replay.participants_total(),
                    " participants were evaluated again: ", replay.differences(),
                    replay.differences() == 1 ? " difference, " : " differences, ",
                    replay.true_ups(), replay.true_ups() == 1 ? " true-up\n" : " true-ups\n",
                    TotalsText(replay.totals()), "digest ", absl::BytesToHexString(replay.digest()),
                    "\n");
  }
  return absl::StrCat(text, NextText(replay));
}

std::string TotalsText(const google::protobuf::RepeatedPtrField<v1::ReplayTotal>& totals) {
  std::string text;
  for (const v1::ReplayTotal& total : totals) {
    const auto amount = [&](int64_t minor) {
      return AmountText(minor, total.currency(), OutputFormat::kTable);
    };
    absl::StrAppend(
        &text, "\n", total.currency(), " ", amount(total.before_minor_units()), " becomes ",
        amount(total.after_minor_units()), ": ",
        SignedText(total.difference_minor_units(), total.currency(), OutputFormat::kTable), "\n",
        total.better_off(), " better off, ", total.worse_off(), " worse off, ", total.unchanged(),
        " unchanged\n");
    if (total.true_ups_minor_units() != 0) {
      absl::StrAppend(
          &text, "payable now for closed periods: ",
          SignedText(total.true_ups_minor_units(), total.currency(), OutputFormat::kTable), "\n");
    }
    if (total.histogram().empty()) continue;
    int32_t largest = 1;
    for (const auto& bucket : total.histogram()) {
      largest = std::max(largest, bucket.participants());
    }
    Table table({{"change of earnings", Align::kRight}, {"participants", Align::kRight}, {""}});
    for (const v1::HistogramBucket& bucket : total.histogram()) {
      const std::string bar =
          bucket.participants() == 0
              ? ""
              : std::string(std::max<size_t>(static_cast<size_t>(bucket.participants()) *
                                                 kBarWidth / static_cast<size_t>(largest),
                                             1),
                            '#');
      table.Add(
          {absl::StrCat(amount(bucket.from_minor_units()), " to ", amount(bucket.to_minor_units())),
           absl::StrCat(bucket.participants()), bar});
    }
    absl::StrAppend(&text, table.ToText("  "));
  }
  return totals.empty() ? "" : absl::StrCat(text, "\n");
}

Table DifferenceTable(const google::protobuf::RepeatedPtrField<v1::Difference>& rows,
                      OutputFormat format) {
  Table table({{"participant"},
               {"period"},
               {"plan"},
               {"component"},
               {"unit"},
               {"before", Align::kRight},
               {"after", Align::kRight},
               {"difference", Align::kRight}});
  for (const v1::Difference& row : rows) {
    table.Add({row.participant_id(), row.period(), row.plan_id(), row.component_id(), UnitOf(row),
               UnitText(row.before(), row, format), UnitText(row.after(), row, format),
               SignedText(row.difference(), row.currency(), format)});
  }
  return table;
}

Table TrueUpTable(const google::protobuf::RepeatedPtrField<v1::TrueUp>& rows, OutputFormat format) {
  Table table({{"participant"},
               {"origin"},
               {"plan"},
               {"currency"},
               {"before", Align::kRight},
               {"after", Align::kRight},
               {"payable now", Align::kRight}});
  for (const v1::TrueUp& row : rows) {
    table.Add({row.participant_id(), row.origin_period(), row.plan_id(), row.currency(),
               AmountText(row.before_minor_units(), row.currency(), format),
               AmountText(row.after_minor_units(), row.currency(), format),
               SignedText(row.difference_minor_units(), row.currency(), format)});
  }
  return table;
}

std::string MoversText(const google::protobuf::RepeatedPtrField<v1::Difference>& rows,
                       size_t most) {
  // Sums that do not fit are left to the totals, which refuse them.
  std::map<std::string, std::map<std::string, int64_t>> changes;
  for (const v1::Difference& row : rows) {
    if (row.currency().empty()) continue;
    int64_t& change = changes[row.currency()][row.participant_id()];
    if (__builtin_add_overflow(change, row.difference(), &change)) return "";
  }
  std::string text;
  for (const auto& [currency, of_currency] : changes) {
    std::vector<std::pair<std::string, int64_t>> movers(of_currency.begin(), of_currency.end());
    std::erase_if(movers, [](const auto& mover) { return mover.second == 0; });
    std::stable_sort(movers.begin(), movers.end(), [](const auto& a, const auto& b) {
      return SizeOf(a.second) > SizeOf(b.second);
    });
    if (movers.size() > most) movers.resize(most);
    if (movers.empty()) continue;
    const uint64_t largest = SizeOf(movers.front().second);
    Table table({{"largest changes"}, {currency, Align::kRight}, {""}});
    for (const auto& [participant, change] : movers) {
      table.Add(
          {participant, SignedText(change, currency, OutputFormat::kTable), Bar(change, largest)});
    }
    absl::StrAppend(&text, table.ToText(), "\n");
  }
  return text;
}

std::string LinesText(const v1::Difference& row) {
  std::string text = absl::StrCat(
      row.participant_id(), " ", row.period(), " ", row.plan_id(), "/", row.component_id(), ": ",
      SignedText(row.difference(), row.currency(), OutputFormat::kTable), " ", UnitOf(row), "\n");
  const auto add = [&](absl::string_view side, bool there, const v1::Line& line) {
    if (!there) return absl::StrAppend(&text, "    ", side, "  no such line\n");
    const int64_t amount = line.has_reward() ? line.reward().units() : line.amount().minor_units();
    absl::StrAppend(&text, "    ", side, "  ", UnitText(amount, row, OutputFormat::kTable), ": ",
                    line.explanation().sentence(), "\n");
  };
  for (const v1::LineDifference& line : row.lines()) {
    absl::StrAppend(&text, "  ", line.line_id(), "\n");
    add("before", line.has_before(), line.before());
    add("after ", line.has_after(), line.after());
  }
  return text;
}

}  // namespace payfold
