// The rules of the house, read from the sources themselves.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace payfold {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

struct Source {
  std::string path;  // from the top: "ledger/money/decimal.h"
  std::vector<std::string> lines;

  bool IsIn(const std::string& folder) const { return path.rfind(folder + "/", 0) == 0; }
  bool IsHeader() const { return fs::path(path).extension() == ".h"; }
};

const std::vector<std::string>& Floors() {
  static const auto* const floors =
      new std::vector<std::string>{"proto", "ledger", "projections", "services", "tools"};
  return *floors;
}

Source ReadSource(const fs::path& file) {
  Source source;
  source.path = fs::relative(file, PAYFOLD_SOURCE_DIR).generic_string();
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) source.lines.push_back(line);
  return source;
}

const std::vector<Source>& Sources() {
  static const std::vector<Source>* const sources = [] {
    auto* all = new std::vector<Source>();
    for (const char* folder : {"ledger", "projections", "services", "tools", "tests", "bench"}) {
      for (const auto& entry :
           fs::recursive_directory_iterator(fs::path(PAYFOLD_SOURCE_DIR) / folder)) {
        const fs::path extension = entry.path().extension();
        if (extension == ".cc" || extension == ".h") all->push_back(ReadSource(entry.path()));
      }
    }
    return all;
  }();
  return *sources;
}

bool IsProduct(const Source& source) { return !source.IsIn("tests") && !source.IsIn("bench"); }

// "path:line: what", for each line of a product source in which `wrong` finds something.
template <typename Wrong>
std::vector<std::string> Find(const Wrong& wrong) {
  std::vector<std::string> found;
  for (const Source& source : Sources()) {
    if (!IsProduct(source)) continue;
    for (size_t i = 0; i < source.lines.size(); ++i) {
      const std::string what = wrong(source, source.lines[i]);
      if (!what.empty()) {
        found.push_back(source.path + ":" + std::to_string(i + 1) + ": " + what);
      }
    }
  }
  return found;
}

// The line without its comment and the texts in it.
std::string CodeOf(const std::string& line) {
  static const std::regex* const text = new std::regex("\"([^\"\\\\]|\\\\.)*\"");
  static const std::regex* const quote = new std::regex("'\"'");
  const std::string code = std::regex_replace(std::regex_replace(line, *quote, ""), *text, "");
  return code.substr(0, code.find("//"));
}

TEST(TidyTest, AFileIncludesOnlyFromItsOwnFloorOrBelow) {
  const std::regex include("^#include \"([a-z]+)/");
  const auto floor_of = [](const std::string& folder) {
    const auto& floors = Floors();
    return std::find(floors.begin(), floors.end(), folder) - floors.begin();
  };
  EXPECT_THAT(Find([&](const Source& source, const std::string& line) -> std::string {
                std::smatch match;
                if (!std::regex_search(line, match, include)) return "";
                const std::string own = source.path.substr(0, source.path.find('/'));
                const std::string from = match[1];
                if (from == "tests" || from == "bench") return "includes from " + from;
                const bool known = floor_of(from) < static_cast<long>(Floors().size());
                return known && floor_of(from) > floor_of(own) ? "includes from above: " + from
                                                               : "";
              }),
              IsEmpty());
}

TEST(TidyTest, TheLogKnowsNoPayloadAndPureCodeNoStorage) {
  EXPECT_THAT(Find([](const Source& source, const std::string& line) -> std::string {
                const bool includes = line.rfind("#include", 0) == 0;
                const bool proto = line.find(".pb.h") != std::string::npos;
                const bool storage = line.find("rocksdb/") != std::string::npos;
                for (const char* folder : {"ledger/base", "ledger/money", "ledger/calendar"}) {
                  if (source.IsIn(folder) && includes && (proto || storage)) return line;
                }
                if (source.IsIn("ledger/log") && includes && proto) return line;
                if (source.IsIn("projections/earnings") && includes && storage) return line;
                return "";
              }),
              IsEmpty());
}

TEST(TidyTest, MoneyIsNeverFloatingPoint) {
  const std::regex floating("\\b(double|float)\\b");
  EXPECT_THAT(Find([&](const Source& source, const std::string& line) -> std::string {
                if (!source.IsIn("ledger") && !source.IsIn("projections")) return "";
                return std::regex_search(CodeOf(line), floating) ? line : "";
              }),
              IsEmpty());
}

TEST(TidyTest, NothingIsLeftUndone) {
  const std::regex undone("\\b(TODO|FIXME|HACK|not implemented|unimplemented)\\b");
  EXPECT_THAT(Find([&](const Source&, const std::string& line) -> std::string {
                return std::regex_search(line, undone) ? line : "";
              }),
              IsEmpty());
}

TEST(TidyTest, FilesStayReadable) {
  std::vector<std::string> long_files;
  for (const Source& source : Sources()) {
    if (!IsProduct(source)) continue;
    if (source.lines.size() > (source.IsHeader() ? 250u : 500u)) long_files.push_back(source.path);
  }
  EXPECT_THAT(long_files, IsEmpty());
}

// A function begins with a line in the first column that ends in "{" and ends
// with the next "}" there.
TEST(TidyTest, FunctionsFitAScreen) {
  std::vector<std::string> long_functions;
  for (const Source& source : Sources()) {
    if (!IsProduct(source)) continue;
    size_t begin = 0;
    for (size_t i = 0; i < source.lines.size(); ++i) {
      const std::string& line = source.lines[i];
      if (line.empty() || line[0] == ' ' || line[0] == '#' || line[0] == '/') continue;
      const bool opens = line.back() == '{' && line.rfind("namespace", 0) != 0 &&
                         line.rfind("class", 0) != 0 && line.rfind("struct", 0) != 0;
      if (opens) begin = i;
      if (line[0] == '}' && begin != 0) {
        if (i - begin > 70) {
          long_functions.push_back(source.path + ":" + std::to_string(begin + 1));
        }
        begin = 0;
      }
    }
  }
  EXPECT_THAT(long_functions, IsEmpty());
}

TEST(TidyTest, HeadersAreGuardedByTheirPath) {
  std::vector<std::string> unguarded;
  for (const Source& source : Sources()) {
    if (!source.IsHeader()) continue;
    std::string guard = source.path + "_";
    std::transform(guard.begin(), guard.end(), guard.begin(), [](unsigned char c) {
      return std::isalnum(c) ? static_cast<char>(std::toupper(c)) : '_';
    });
    const std::string wanted = "#ifndef " + guard;
    if (std::find(source.lines.begin(), source.lines.end(), wanted) == source.lines.end()) {
      unguarded.push_back(source.path);
    }
  }
  EXPECT_THAT(unguarded, IsEmpty());
}

TEST(TidyTest, ServicesAreThin) {
  std::vector<std::string> fat;
  for (const Source& source : Sources()) {
    const bool service = source.path.find("_service.cc") != std::string::npos;
    if (source.IsIn("services") && service && source.lines.size() > 150) fat.push_back(source.path);
  }
  EXPECT_THAT(fat, IsEmpty());
}

TEST(TidyTest, TheTopLevelIsTheAgreedOne) {
  const std::set<std::string> agreed = {
      "CMakeLists.txt", "CMakePresets.json", "proto",        "ledger",
      "projections",    "services",          "tools",        "tests",
      "bench",          "README.md",         "CHANGELOG.md", "LICENSE",
      "build"};
  std::vector<std::string> others;
  for (const auto& entry : fs::directory_iterator(PAYFOLD_SOURCE_DIR)) {
    const std::string name = entry.path().filename().string();
    if (name[0] != '.' && agreed.count(name) == 0) others.push_back(name);
  }
  EXPECT_THAT(others, IsEmpty());
}

TEST(TidyTest, EveryFolderExplainsItself) {
  std::vector<std::string> silent;
  for (const char* floor :
       {"proto", "ledger", "projections", "services", "tools", "tests", "bench", "ledger/base",
        "ledger/money", "ledger/calendar", "ledger/log", "ledger/plan", "ledger/admission",
        "tools/import", "tools/samples", "tools/workload"}) {
    if (!fs::exists(fs::path(PAYFOLD_SOURCE_DIR) / floor / "README.md")) silent.push_back(floor);
  }
  EXPECT_THAT(silent, IsEmpty());
}

// "[7.pool.share]", as tests name the rules that they hold.
std::set<std::string> RuleIdsIn(const Source& source) {
  static const std::regex kId(R"(\[\d+\.[a-z][a-z.-]*\])");
  std::set<std::string> ids;
  for (const std::string& line : source.lines) {
    ids.insert(std::sregex_token_iterator(line.begin(), line.end(), kId),
               std::sregex_token_iterator());
  }
  return ids;
}

TEST(TidyTest, EveryRuleOfTheIndexIsNamedByATestAndNoOther) {
  const std::set<std::string> known =
      RuleIdsIn(ReadSource(fs::path(PAYFOLD_SOURCE_DIR) / "ledger/plan/rules.md"));
  EXPECT_GT(known.size(), 170U);
  std::set<std::string> untested = known;
  std::vector<std::string> unknown;
  for (const auto& entry : fs::recursive_directory_iterator(PAYFOLD_SOURCE_DIR "/tests")) {
    if (entry.path().extension() != ".cc" || entry.path().filename() == "tidy_test.cc") continue;
    for (const std::string& id : RuleIdsIn(ReadSource(entry.path()))) {
      untested.erase(id);
      if (known.count(id) == 0) unknown.push_back(entry.path().string() + ": " + id);
    }
  }
  EXPECT_THAT(unknown, IsEmpty());
  EXPECT_THAT(untested, IsEmpty());
}

}  // namespace
}  // namespace payfold
