#include "tools/import/people.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/calendar/date.h"
#include "tools/import/id_key.h"

namespace payfold {
namespace {

using ::google::protobuf::util::MessageDifferencer;

v1::ParticipantChanged ReadPerson(const ParticipantRules& rules, const std::string& name,
                                  const Row& row, const Resolver& resolver,
                                  std::vector<RowProblem>* problems) {
  const auto value = [&](const std::string& field) -> std::string {
    const auto rule = rules.fields.find(field);
    return rule == rules.fields.end() ? "" : resolver.Resolve(rule->second, row, problems);
  };
  v1::ParticipantChanged fact;
  fact.set_participant_id(ParticipantIdOf(resolver.id_key(), name));
  fact.set_effective_from(rules.effective_from.ToString());
  fact.set_status(v1::ParticipantChanged::ACTIVE);
  fact.set_display_name(name);
  fact.set_role(value("role"));
  fact.set_team(value("team"));
  fact.set_territory(value("territory"));
  fact.set_manager_id(value("manager_id"));
  fact.set_email(value("email"));
  fact.set_pay_currency(value("pay_currency"));
  fact.set_hired_on(value("hired_on"));
  if (!fact.hired_on().empty()) {
    const absl::StatusOr<Date> date = Date::Parse(fact.hired_on());
    if (!date.ok()) {
      problems->push_back({row.columns->file, row.line, "participants.hired_on", fact.hired_on(),
                           std::string(date.status().message())});
    }
  }
  for (const auto& attribute : rules.attributes) {
    std::string text = resolver.Resolve(attribute.second, row, problems);
    if (!text.empty()) (*fact.mutable_attributes())[attribute.first] = std::move(text);
  }
  return fact;
}

}  // namespace

std::vector<Person> ReadPeople(const ImportMapping& mapping,
                               const std::map<std::string, LookupTable>& tables,
                               const Resolver& resolver, std::vector<RowProblem>* problems) {
  std::vector<Person> people;
  std::map<std::string, size_t> places;  // by participant id
  for (const ParticipantRules& rules : mapping.participants) {
    const LookupTable& table = tables.at(rules.lookup);
    for (size_t i = 0; i < table.size(); ++i) {
      const Row row = table.At(i);
      const std::string name = row.Value(rules.name_column);
      if (name.empty()) continue;
      const size_t problems_before = problems->size();
      Person person{row.columns->file, row.line, ReadPerson(rules, name, row, resolver, problems)};
      if (problems->size() > problems_before) continue;
      const auto place = places.emplace(person.fact.participant_id(), people.size());
      if (place.second) {
        people.push_back(std::move(person));
      } else if (const Person& first = people[place.first->second];
                 !MessageDifferencer::Equals(first.fact, person.fact)) {
        problems->push_back({person.file, person.line,
                             absl::StrCat("participants.", rules.name_column), name,
                             absl::StrCat("says something else than line ", first.line,
                                          ", which is kept; make the rows agree")});
      }
    }
  }
  return people;
}

std::optional<v1::Event> PersonChange(const Person& person, absl::Span<const v1::Event> said,
                                      absl::string_view source) {
  std::set<std::string> voided;
  for (const v1::Event& event : said) {
    if (event.has_participant_erased()) return std::nullopt;
    if (event.has_fact_voided()) voided.insert(event.fact_voided().event_id());
  }
  const v1::ParticipantChanged* last = nullptr;
  for (const v1::Event& event : said) {
    const bool counts = event.has_participant_changed() && event.source() == source &&
                        voided.count(event.event_id()) == 0;
    if (counts) last = &event.participant_changed();
  }
  if (last != nullptr) {
    v1::ParticipantChanged before = *last;
    before.set_effective_from(person.fact.effective_from());
    before.clear_sealed();
    if (MessageDifferencer::Equals(before, person.fact)) return std::nullopt;
  }
  v1::Event event;
  *event.mutable_participant_changed() = person.fact;
  return event;
}

}  // namespace payfold
