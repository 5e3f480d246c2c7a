// What every command of the command line is told.

#ifndef TOOLS_OPTIONS_H_
#define TOOLS_OPTIONS_H_

#include <string>

namespace payfold {

enum class OutputFormat { kTable, kJson, kCsv };

struct GlobalOptions {
  std::string data;             // The data directory; empty where none is needed.
  std::string server;           // HOST:PORT; if it is given the data are there.
  std::string ledger = "main";  // Its name in the data directory.
  std::string as = "local";     // Who appends.
  OutputFormat format = OutputFormat::kTable;
  // A position, a time (RFC 3339) or a date: what was known. Empty: now.
  std::string as_of;
  std::string plans_as_of;
  int timeout_seconds = 0;  // For each call; 0 is no limit.
};

}  // namespace payfold

#endif  // TOOLS_OPTIONS_H_
