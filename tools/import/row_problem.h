// A row of a file that cannot be used, or not wholly.

#ifndef TOOLS_IMPORT_ROW_PROBLEM_H_
#define TOOLS_IMPORT_ROW_PROBLEM_H_

#include <cstdint>
#include <string>

namespace payfold {

struct RowProblem {
  std::string file;     // without its folder
  int64_t line = 0;     // where the row starts, from 1
  std::string field;    // of the mapping ("deals.amount"), or empty: the whole row
  std::string value;    // the offending one; may be empty
  std::string message;  // the rule and what to do

  // sales.csv:17: deals.amount: "12,50": …
  std::string ToString() const;
};

}  // namespace payfold

#endif  // TOOLS_IMPORT_ROW_PROBLEM_H_
