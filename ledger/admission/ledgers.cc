#include "ledger/admission/ledgers.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/files.h"
#include "ledger/admission/ledger.h"
#include "ledger/admission/stored_event.h"
#include "ledger/admission/validate.h"
#include "ledger/admission/violation.h"
#include "ledger/base/aead.h"
#include "ledger/base/quote.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/event.pb.h"
#include "rocksdb/env.h"

namespace payfold {
namespace {

constexpr char kMarker[] = "PAYFOLD";
constexpr char kMarkerText[] = "Payfold data directory, layout 1\n";
constexpr size_t kOriginBytes = 8;

std::string MarkerPath(const std::string& directory) { return directory + "/" + kMarker; }
std::string LedgersPath(const std::string& directory) { return directory + "/ledgers"; }

bool HoldsLedger(rocksdb::Env* env, const std::string& path) {
  return env->FileExists(path + "/log/CURRENT").ok();
}

absl::StatusOr<bool> IsDataDirectory(rocksdb::Env* env, const std::string& directory) {
  const std::string path = MarkerPath(directory);
  if (!env->FileExists(path).ok()) return false;
  std::string text;
  RETURN_IF_ERROR(
      FromFileStatus(rocksdb::ReadFileToString(env, path, &text), absl::StrCat("reading ", path)));
  if (text == kMarkerText) return true;
  return absl::FailedPreconditionError(
      absl::StrCat(path, " does not say what this release expects (", Quote(text),
                   "): use the release that wrote it"));
}

absl::Status NotOurs(const std::string& directory) {
  return absl::FailedPreconditionError(
      absl::StrCat(directory, " is not a Payfold data directory: name another, or make one with ",
                   "payfold init in a new or an empty directory"));
}

absl::Status CheckName(absl::string_view name) {
  if (IsId(name)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(Quote(name), " cannot name a ledger: use 1 to ", kMaxIdLength,
                   " characters of A-Z a-z 0-9 . _ ~ @ : -, the first a letter or digit"));
}

}  // namespace

std::string Ledgers::PathOf(absl::string_view name) const {
  return absl::StrCat(LedgersPath(directory_), "/", name);
}

absl::StatusOr<std::unique_ptr<Ledgers>> Ledgers::Create(const std::string& directory,
                                                         const LedgerOptions& options) {
  rocksdb::Env* env = options.env;
  ASSIGN_OR_RETURN(const bool ours, IsDataDirectory(env, directory));
  if (!ours) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(env, directory));
    if (!names.empty()) return NotOurs(directory);
    RETURN_IF_ERROR(MakeDirectory(env, directory));
    RETURN_IF_ERROR(FromFileStatus(
        rocksdb::WriteStringToFile(env, kMarkerText, MarkerPath(directory), /*should_sync=*/true),
        absl::StrCat("writing ", MarkerPath(directory))));
  }
  RETURN_IF_ERROR(MakeDirectory(env, LedgersPath(directory)));
  return std::unique_ptr<Ledgers>(new Ledgers(directory, options));
}

absl::StatusOr<std::unique_ptr<Ledgers>> Ledgers::Open(const std::string& directory,
                                                       const LedgerOptions& options) {
  ASSIGN_OR_RETURN(const bool ours, IsDataDirectory(options.env, directory));
  if (ours) return std::unique_ptr<Ledgers>(new Ledgers(directory, options));
  if (options.env->FileExists(directory).ok()) return NotOurs(directory);
  return absl::NotFoundError(
      absl::StrCat("there is no directory ", directory, ": make one with payfold init"));
}

absl::StatusOr<std::vector<std::string>> Ledgers::List() const {
  ASSIGN_OR_RETURN(std::vector<std::string> names,
                   ListDirectory(options_.env, LedgersPath(directory_)));
  names.erase(std::remove_if(names.begin(), names.end(),
                             [this](const std::string& name) {
                               return !HoldsLedger(options_.env, PathOf(name));
                             }),
              names.end());
  return names;
}

absl::StatusOr<Ledger*> Ledgers::CreateLedger(absl::string_view given, const v1::Event& configured,
                                              const AppendOptions& append,
                                              std::vector<Violation>* violations) {
  std::vector<Violation> local;
  std::vector<Violation>& found = violations == nullptr ? local : *violations;
  found.clear();
  const std::string name(given.empty() ? kMainLedger : given);
  RETURN_IF_ERROR(CheckName(name));
  if (!configured.has_ledger_configured()) {
    return absl::InvalidArgumentError("a ledger begins with a ledger_configured: give that event");
  }
  found = ValidateBatch({configured});
  RETURN_IF_ERROR(ViolationStatus(found));
  const std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<Ledger>& ledger = open_[name];
  // An empty one is what an interrupted creation left.
  const bool exists = HoldsLedger(options_.env, PathOf(name));
  const bool opened = exists && ledger == nullptr;
  if (opened) {
    ASSIGN_OR_RETURN(ledger, Ledger::Open(PathOf(name), options_));
  }
  if (exists && ledger->log().head() > 0) {
    if (opened) ledger.reset();
    return absl::AlreadyExistsError(
        absl::StrCat("there is a ledger ", Quote(name), " already: choose another name"));
  }
  if (append.validate_only) return nullptr;
  if (!exists) {
    ASSIGN_OR_RETURN(ledger, Ledger::Create(PathOf(name), OptionsOfNew(name)));
  }
  RETURN_IF_ERROR(ledger->Append({configured}, append, &found).status());
  return ledger.get();
}

LedgerOptions Ledgers::OptionsOfNew(const std::string& name) const {
  LedgerOptions options = options_;
  if (options.origin.empty()) {
    const std::string bytes =
        options.random ? options.random(kOriginBytes) : RandomBytes(kOriginBytes);
    options.origin = absl::StrCat("payfold.local/", ToHex(bytes));
  }
  absl::StrAppend(&options.origin, "/", name);
  return options;
}

absl::Status Ledgers::CheckExists(absl::string_view name) const {
  if (HoldsLedger(options_.env, PathOf(name))) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, List());
  return absl::NotFoundError(
      absl::StrCat("there is no ledger ", Quote(name), " in ", directory_,
                   names.empty() ? ": make one with payfold init"
                                 : absl::StrCat(": there is ", absl::StrJoin(names, ", "))));
}

absl::StatusOr<FsckReport> Ledgers::Audit(absl::string_view given, FsckOptions options) const {
  const std::string name(given.empty() ? kMainLedger : given);
  RETURN_IF_ERROR(CheckName(name));
  RETURN_IF_ERROR(CheckExists(name));
  options.check_payload = CheckStoredEvent;
  return AuditLogAt({.directory = Ledger::LogDirectory(PathOf(name)),
                     .env = options_.env,
                     .block_cache_bytes = LogOptions().block_cache_bytes},
                    options);
}

absl::StatusOr<Ledger*> Ledgers::Get(absl::string_view given) {
  const std::string name(given.empty() ? kMainLedger : given);
  RETURN_IF_ERROR(CheckName(name));
  const std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<Ledger>& ledger = open_[name];
  if (ledger != nullptr) return ledger.get();
  RETURN_IF_ERROR(CheckExists(name));
  ASSIGN_OR_RETURN(ledger, Ledger::Open(PathOf(name), options_));
  return ledger.get();
}

void Ledgers::Close(absl::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  open_.erase(std::string(name));
}

}  // namespace payfold
