// The people in the look-up files of an export, by the mapping. Pure.

#ifndef TOOLS_IMPORT_PEOPLE_H_
#define TOOLS_IMPORT_PEOPLE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "payfold/v1/event.pb.h"
#include "tools/import/mapping.h"
#include "tools/import/row_problem.h"
#include "tools/import/tables.h"

namespace payfold {

struct Person {
  std::string file;
  int64_t line = 0;  // where the person stands first
  v1::ParticipantChanged fact;
};

// Everybody once, in order of the mapping and of the files. A person whose rows
// disagree keeps the first, and the others go to `*problems`.
std::vector<Person> ReadPeople(const ImportMapping& mapping,
                               const std::map<std::string, LookupTable>& tables,
                               const Resolver& resolver, std::vector<RowProblem>* problems);

// The fact to state, given the events of the participant's stream: none if this
// source said the same last, whatever date it gave, or if the person was erased.
std::optional<v1::Event> PersonChange(const Person& person, absl::Span<const v1::Event> said,
                                      absl::string_view source);

}  // namespace payfold

#endif  // TOOLS_IMPORT_PEOPLE_H_
