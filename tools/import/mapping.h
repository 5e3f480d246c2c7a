// The mapping file of an import: which columns of an export mean what.
//
// README.md beside this file describes the language. A mapping is read strictly:
// an unknown key (with the nearest known one), a key given twice, an alias, a
// value of the wrong shape are errors, each with its line; all of them at once.

#ifndef TOOLS_IMPORT_MAPPING_H_
#define TOOLS_IMPORT_MAPPING_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"
#include "ledger/money/currency.h"

namespace payfold {

// Text to the text that is meant.
using Fixes = std::map<std::string, std::string>;
// Column to the fixes of its values.
using ColumnFixes = std::map<std::string, Fixes>;

// How the value of one field is made of a row: the column's value (fixed, see
// ColumnFixes), or the constant; then, with a lookup, the value of column `take`
// in the row of that file whose key it is; then, with values, what they make of
// it; then, for a person, the id derived from the name.
struct FieldRule {
  std::string name;    // "deals.amount", for messages
  std::string column;  // empty with a constant
  std::string constant;
  std::string lookup;  // empty without
  std::string take;
  Fixes values;
  bool participant = false;
  int line = 0;  // in the mapping file
};

// Another file of the export, beside it, and the column that names its rows.
struct LookupRule {
  std::string file;
  std::string key;
  ColumnFixes fixes;
  int line = 0;
};

enum class Stage { kOpen, kWon, kLost };

// Fields of DealBooked and PipelineUpdated by name, and "lost_on".
struct DealRules {
  std::map<std::string, FieldRule> fields;
  std::map<std::string, FieldRule> attributes;
};

// People named in a column of a look-up file: one ParticipantChanged each.
struct ParticipantRules {
  std::string lookup;
  std::string name_column;
  Date effective_from;
  // "role", "team", "territory", "manager_id", "email", "hired_on", "pay_currency".
  std::map<std::string, FieldRule> fields;
  std::map<std::string, FieldRule> attributes;
  int line = 0;
};

struct ImportMapping {
  std::string source;                // empty: "import:" and the name of the export's file
  std::optional<Currency> currency;  // always there in a mapping that was read
  bool minor_units = false;          // amounts are whole minor units, not major ones
  std::string stage_column;
  std::map<std::string, Stage> stages;
  ColumnFixes fixes;  // of the export itself
  std::map<std::string, LookupRule> lookups;
  DealRules deals;
  std::vector<ParticipantRules> participants;
};

// Errors: kInvalidArgument with a line for each mistake, "FILE:LINE: field: …";
// `file` is the name for that.
absl::StatusOr<ImportMapping> ReadMapping(absl::string_view text, absl::string_view file);

// Reads the file at `path`. Also kNotFound.
absl::StatusOr<ImportMapping> LoadMapping(const std::string& path);

}  // namespace payfold

#endif  // TOOLS_IMPORT_MAPPING_H_
