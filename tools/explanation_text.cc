#include "tools/explanation_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/output.h"
#include "tools/table.h"

namespace payfold {
namespace {

std::string Positions(const google::protobuf::RepeatedField<uint64_t>& positions) {
  return absl::StrJoin(positions, ", ");
}

// "  label          value", or nothing without a value.
void AddFact(absl::string_view label, absl::string_view value, std::string* text) {
  if (!value.empty()) {
    absl::StrAppend(text, "  ", Pad(label, 20, Align::kLeft), value, "\n");
  }
}

void AddNumbers(const v1::Line& line, const v1::Explanation& why, std::string* text) {
  const auto amount = [&line](int64_t minor) {
    return AmountText(minor, line.amount().currency(), OutputFormat::kTable);
  };
  AddFact("measure", why.measure(), text);
  AddFact("measure to date", why.measure_to_date(), text);
  AddFact("measure before", why.measure_before(), text);
  AddFact("target", why.target(), text);
  AddFact("attainment", why.attainment(), text);
  AddFact("target incentive", why.target_incentive(), text);
  AddFact("amount to date", amount(why.amount_to_date_minor_units()), text);
  AddFact("amount before", amount(why.amount_before_minor_units()), text);
  AddFact("this line", amount(line.amount().minor_units()), text);
  AddFact("rounding", why.rounding(), text);
}

void AddSteps(const v1::Explanation& why, std::string* text) {
  if (!why.steps().empty()) absl::StrAppend(text, "\nSteps\n");
  int number = 0;
  for (const v1::Step& step : why.steps()) {
    absl::StrAppend(text, "  ", ++number, ". ", step.text(),
                    step.exact().empty() ? "" : absl::StrCat(" = ", step.exact()), "\n");
  }
  if (!why.conversions().empty()) absl::StrAppend(text, "\nConversions\n");
  for (const std::string& conversion : why.conversions()) {
    absl::StrAppend(text, "  ", conversion, "\n");
  }
}

void AddDeals(const v1::Line& line, const v1::Explanation& why, std::string* text) {
  const auto amount = [&line](int64_t minor) {
    return AmountText(minor, line.amount().currency(), OutputFormat::kTable);
  };
  Table deals(
      {{"deal"}, {"of this line", Align::kRight}, {"its credit", Align::kRight}, {"positions"}});
  for (const v1::Attribution& deal : why.attributions()) {
    deals.Add({deal.deal_id(), amount(deal.minor_units()), amount(deal.credit_minor_units()),
               Positions(deal.positions())});
  }
  if (!deals.empty() && why.unattributed_minor_units() != 0) {
    deals.Add({"(no deal)", amount(why.unattributed_minor_units()), "", ""});
  }
  if (!deals.empty()) absl::StrAppend(text, "\nDeals\n", deals.ToText("  "));
  if (!why.positions().empty()) {
    absl::StrAppend(text, "\nOther facts: positions ", Positions(why.positions()), "\n");
  }
}

}  // namespace

std::string LineExplanationText(const v1::ExplainLineResponse& response) {
  const v1::Line& line = response.line();
  const v1::Explanation& why = line.explanation();
  std::string text = absl::StrCat(
      "Line ", line.line_id(), ": ", line.amount().currency(), " ",
      AmountText(line.amount().minor_units(), line.amount().currency(), OutputFormat::kTable), "\n",
      "earned on ", line.date(), ", paid in ", line.payout_period(), ", by version ",
      line.plan_version(), " of plan ", line.plan_id(), "; ", CoordinatesText(response.at()),
      "\n\n", why.sentence(), "\n\n");
  AddNumbers(line, why, &text);
  AddSteps(why, &text);
  AddDeals(line, why, &text);
  return text;
}

std::string DealExplanationText(absl::string_view deal, absl::string_view participant,
                                const v1::ExplainDealResponse& response) {
  std::string text = absl::StrCat("Deal ", deal, " for ", participant, "; ",
                                  CoordinatesText(response.at()), "\n\nWhat is known\n");
  for (int i = 0; i < response.facts_size(); ++i) {
    absl::StrAppend(
        &text, "  ",
        i < response.positions_size() ? absl::StrCat("position ", response.positions(i), ": ") : "",
        response.facts(i), "\n");
  }
  absl::StrAppend(&text, "\nCredit\n");
  for (const std::string& credit : response.credits()) {
    absl::StrAppend(&text, "  ", credit, "\n");
  }
  if (response.credits().empty()) absl::StrAppend(&text, "  none\n");
  absl::StrAppend(&text, "\nComponents\n");
  if (response.components().empty()) absl::StrAppend(&text, "  no plan\n");
  for (const v1::DealInComponent& component : response.components()) {
    absl::StrAppend(&text, "  ", component.plan_id(), "/", component.component_id(), ": ",
                    component.counted() ? "counted" : "left out", "; ", component.reason(), "\n");
    if (!component.counted()) continue;
    const std::string& currency = component.attributed().currency();
    absl::StrAppend(
        &text, "    credit ",
        AmountText(component.credit_minor_units(), currency, OutputFormat::kTable), ", paid ",
        currency, " ",
        AmountText(component.attributed().minor_units(), currency, OutputFormat::kTable), "\n");
    for (const std::string& line : component.line_ids()) {
      absl::StrAppend(&text, "    line ", line, "\n");
    }
  }
  return text;
}

}  // namespace payfold
